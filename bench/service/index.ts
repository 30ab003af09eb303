// What the service room promises, measured: node scripts/bench.mjs service [part...]
import { measureAccuracy } from "./accuracy.js";
import { measureCost } from "./cost.js";
import { measureEndurance } from "./endurance.js";
import { measureStartAndStop } from "./start-and-stop.js";
import { measureTreeLook } from "./tree-look.js";

const parts: Readonly<Record<string, () => Promise<void>>> = {
  "start-and-stop": measureStartAndStop,
  accuracy: measureAccuracy,
  cost: measureCost,
  endurance: measureEndurance,
  "tree-look": measureTreeLook,
};

const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n## ${name}`);
  await measure();
}
