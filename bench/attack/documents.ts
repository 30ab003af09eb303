import { Readable } from "node:stream";
import { strToU8, zipSync } from "fflate";
import { judgeCommand } from "../../src/commands/judge/judge.js";
import { checkInputs } from "../../src/config/inputs.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { makePlan } from "../../src/config/make-plan.js";
import { TailgateError } from "../../src/error.js";
import { revisionEvent } from "../../src/github/event/event.js";
import { parseEvent } from "../../src/github/event/parse-event.js";
import { recompute } from "../../src/github/untrusted/recompute.js";
import { parseUntrustedJson } from "../../src/store/untrusted-json.js";
import { readZipEntry } from "../../src/github/untrusted/zip.js";
import { parseResult, parseResultText } from "../../src/model/parse-result.js";
import { plan as planSchema } from "../../src/model/plan.js";
import type { Result } from "../../src/model/result.js";
import { REPORTERS } from "../../src/reporters/reporters.js";
import { logText } from "../../src/text/log-text.js";
import { type Attack, oneOf, requireHeld } from "./attack.js";
import { mutatedBytes, mutatedJson, mutatedText } from "./mutate.js";
import { configurations, EVENTS, observations, recordedRun, RUN } from "./samples.js";

/** Documents of every kind, changed at random: each is taken or refused with a sentence, and nothing odd is printed. */
export const DOCUMENT_ATTACKS: readonly Attack[] = [
  {
    name: "yaml",
    count: 1000,
    limitMs: 5000,
    tryOnce: (random) =>
      refusable(() => {
        const bytes = Buffer.from(mutatedText(oneOf(configurations(), random), random));
        const headFile = readConfigFile(bytes, "tailgate.yml");
        const plan = makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
        requireHeld(planSchema.safeParse(plan).success, "a plan was made that the schema of plans refuses");
      }),
  },
  {
    name: "observations",
    count: 1000,
    limitMs: 10_000,
    async tryOnce(random) {
      const document = JSON.stringify(mutatedJson(observations(random), random));
      await judged(random() < 0.3 ? mutatedText(document, random) : document);
    },
  },
  {
    name: "results",
    count: 1000,
    limitMs: 10_000,
    tryOnce: (random) =>
      refusable(() => {
        const changed = JSON.stringify(mutatedJson(recordedRun(), random));
        requireSoundReports(parseResultText(random() < 0.1 ? mutatedText(changed, random) : changed));
      }),
  },
  {
    name: "artifacts",
    count: 1000,
    limitMs: 10_000,
    tryOnce: (random) =>
      refusable(() => {
        const changed = strToU8(JSON.stringify(mutatedJson(recordedRun(), random)));
        const whole = Buffer.from(zipSync({ "result.json": changed, "report.md": strToU8("text") }));
        const archive = random() < 0.5 ? mutatedBytes(whole, random) : whole;
        const claim = parseResult(parseUntrustedJson(readZipEntry(archive, "result.json", 32_000_000)));
        const base = {
          plan: recordedRun().plan,
          namesScenarios: random() < 0.5,
          namesSeed: random() < 0.5,
        };
        requireSoundReports(recompute(claim, base, RUN));
      }),
  },
  {
    name: "events",
    count: 1000,
    limitMs: 2000,
    tryOnce: (random) =>
      refusable(() => {
        const name = oneOf(Object.keys(EVENTS), random);
        revisionEvent(parseEvent(name, mutatedJson(EVENTS[name], random)));
      }),
  },
];

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const COMMANDING = /^\s*::|##\[|\u001b|\u202e/m;

/** A refusal is a sentence with a hint; whatever else is thrown is a bug. */
function refusable(attempt: () => void): Promise<void> {
  return Promise.resolve().then(() => {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof TailgateError)) throw error;
      const printed = logText(`${error.message} ${error.hint}`);
      requireHeld(error.message !== "" && error.hint !== "", "a refusal without a sentence or a hint");
      requireHeld(!COMMANDING.test(printed), `a refusal that could command: ${printed}`);
    }
  });
}

/** What no report may hold, whatever the result was made of. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSOUND = /\bNaN\b|\bInfinity\b|\bundefined\b|\[object|\u001b|\u202e/;
const MARKUP = /<img|<script[^>]*src/;

function requireSoundReports(result: Result): void {
  for (const name of ["markdown", "html", "terminal", "job-summary"] as const) {
    const text = REPORTERS[name].render(result, {});
    const found = UNSOUND.exec(text) ?? (isPage(name) ? MARKUP.exec(withoutCodeBlocks(text)) : null);
    const around = found === null ? "" : text.slice(Math.max(0, found.index - 80), found.index + 40);
    requireHeld(found === null, `the ${name} report holds "${found?.[0] ?? ""}": ${around}`);
  }
  requireHeld(
    parseResultText(REPORTERS.json.render(result)).verdict === result.verdict,
    "it does not read back",
  );
}

function isPage(name: keyof typeof REPORTERS): boolean {
  return name !== "terminal" && name !== "json";
}

/** Between fences of Markdown a browser sees text. */
function withoutCodeBlocks(text: string): string {
  return text.replace(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, "");
}

/** The command itself, on one document: a judgement or a refusal, one line for it. */
async function judged(document: string): Promise<void> {
  let printed = "";
  const stdout = { write: (text: string) => (printed += text) };
  const streams = { stdin: Readable.from([document]), stdout, stderr: { write: () => true } };
  try {
    const code = await judgeCommand({ file: "-", json: true }, streams);
    requireHeld(code >= 0 && code <= 2, `exit code ${code}`);
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
  }
  for (const line of printed.split("\n").filter((text) => text !== "")) {
    const found = JSON.parse(line) as { verdict?: unknown; error?: unknown };
    requireHeld(
      found.verdict !== undefined || found.error !== undefined,
      `a line that says nothing: ${line}`,
    );
  }
}
