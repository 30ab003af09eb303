import { parseArgs } from "node:util";
import { seededRandom } from "../../src/stats/random.js";
import type { Attack } from "./attack.js";
import { CONTAINER_KILL_ATTACK } from "./container-kills.js";
import { DISK_ATTACK } from "./disks.js";
import { DOCUMENT_ATTACKS } from "./documents.js";
import { KILL_ATTACK } from "./kills.js";
import { RESPONSE_ATTACK } from "./responses.js";

/*
 * Hostile documents, responses, kills and full disks, at random but from a seed:
 *
 *   npm run attack                              every kind, in full; --seed 2 for others
 *   npm run attack -- --kind yaml,load          some kinds
 *   npm run attack -- --kind yaml --seed 123    one try again
 *   npm run attack -- --share 0.1               a tenth of everything
 */

const ATTACKS: readonly Attack[] = [
  ...DOCUMENT_ATTACKS,
  RESPONSE_ATTACK,
  KILL_ATTACK,
  CONTAINER_KILL_ATTACK,
  DISK_ATTACK,
];

/** Tries of a run have seeds of their own, which no other run of a small seed has. */
const SEEDS_A_RUN = 1_000_000;
const MOST_SHOWN = 5;

const { values } = parseArgs({
  options: {
    kind: { type: "string" },
    seed: { type: "string" },
    share: { type: "string", default: "1" },
  },
});

interface Tally {
  readonly tried: number;
  readonly held: number;
  readonly seconds: number;
}

async function attackOnce(attack: Attack, seed: number): Promise<void> {
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it took longer than ${attack.limitMs / 1000} s`));
    }, attack.limitMs);
  });
  try {
    await Promise.race([attack.tryOnce(seededRandom(seed, attack.name), seed), late]);
    // What computes without a pause is not interrupted by a timer.
    if (performance.now() - startedMs > attack.limitMs) await late;
  } finally {
    clearTimeout(timer);
  }
}

async function attackWith(attack: Attack, seeds: readonly number[]): Promise<Tally> {
  const startedMs = performance.now();
  let held = 0;
  await attack.begin?.();
  try {
    for (const seed of seeds) {
      try {
        await attackOnce(attack, seed);
        held++;
      } catch (error) {
        const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
        const failed = seeds.indexOf(seed) + 1 - held;
        if (failed <= MOST_SHOWN)
          console.error(`npm run attack -- --kind ${attack.name} --seed ${seed}\n${said}\n`);
      }
    }
  } finally {
    await attack.end?.();
  }
  return { tried: seeds.length, held, seconds: (performance.now() - startedMs) / 1000 };
}

function seedsOf(attack: Attack): number[] {
  if (values.kind === attack.name && values.seed !== undefined) return [Number(values.seed)];
  const first = Number(values.seed ?? "1") * SEEDS_A_RUN;
  const count = Math.max(1, Math.round(attack.count * Number(values.share)));
  return Array.from({ length: count }, (_, index) => first + index);
}

const kinds = values.kind?.split(",");
const wanted = ATTACKS.filter(({ name }) => kinds === undefined || kinds.includes(name));
if (wanted.length === 0) {
  console.error(
    `There is no kind ${values.kind ?? ""}; there are ${ATTACKS.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}
console.log("| kind | tried | held | seconds |\n| --- | ---: | ---: | ---: |");
for (const attack of wanted) {
  const why = (await attack.unavailable?.()) ?? null;
  if (why !== null) {
    console.log(`| ${attack.name} | 0: ${why} | | |`);
    continue;
  }
  const { tried, held, seconds } = await attackWith(attack, seedsOf(attack));
  console.log(`| ${attack.name} | ${tried} | ${held} | ${seconds.toFixed(0)} |`);
  if (held < tried) process.exitCode = 1;
}
