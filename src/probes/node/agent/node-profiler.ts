import { readFileSync } from "node:fs";
import { Session, type Debugger, type Profiler } from "node:inspector";
import type { InstrumentRequest, Looking } from "../../looking.js";
import { lineStarts, placeAt } from "./source-lines.js";
import { readSourceMap, type SourceMapText } from "./read-source-map.js";

/** Functions of one script that ran, with their exact calls. Lines and columns count from 0; -1: not known. */
interface CountedScript {
  readonly url: string;
  readonly functions: readonly {
    readonly name: string;
    readonly line: number;
    readonly column: number;
    readonly count: number;
  }[];
}

interface CallsReply {
  readonly scripts: readonly CountedScript[];
  readonly sourceMaps: SourceMaps;
}

interface CpuReply {
  readonly profile: Profiler.Profile;
  /** CPU time that this thread used meanwhile, in microseconds; `null` where the system does not tell. */
  readonly threadCpuUs: number | null;
  readonly sourceMaps: SourceMaps;
}

/** By the URL of their script. */
export type SourceMaps = Readonly<Record<string, SourceMapText>>;

export interface NodeProfiler {
  /**
   * Told before any code of the service runs. Optimised code that V8 made without a profiler counts as a function's own
   * what was inlined into it; and functions that it met without counting may count one call too many.
   */
  expect(looking: Looking): void;
  answer(request: InstrumentRequest): CallsReply | CpuReply | null;
}

const COUNTS = { callCount: true, detailed: false };
/** As long as only the profiler's presence matters. */
const SAMPLE_RARELY_US = 100_000;

/** V8's own profiler of this thread. Nothing is enabled, and nothing costs anything, before the first request. */
export function nodeProfiler(): NodeProfiler {
  const session = new Session();
  session.connect();
  const post: Post = (method, params = {}) => {
    let reply: { readonly result?: unknown; readonly error?: Error | null } = {};
    // A session with its own thread calls back before `post` returns.
    session.post(method, params, (error, result) => {
      reply = { error, result };
    });
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result;
  };
  post("Profiler.enable");
  let cpuAtStartUs: number | null = null;

  let expected: Looking | null = null;

  return {
    expect(looking) {
      expected = looking;
      if (looking === "calls") post("Profiler.startPreciseCoverage", COUNTS);
      else {
        post("Profiler.setSamplingInterval", { interval: SAMPLE_RARELY_US });
        post("Profiler.start");
      }
    },
    answer(request) {
      switch (request.do) {
        case "start-calls":
          if (expected !== "calls") post("Profiler.startPreciseCoverage", COUNTS);
          // Counts what was called before the load, and throws it away.
          post("Profiler.takePreciseCoverage");
          return null;
        case "stop-calls": {
          const { result } = post("Profiler.takePreciseCoverage") as Profiler.TakePreciseCoverageReturnType;
          post("Profiler.stopPreciseCoverage");
          return withScripts(session, post, (scripts) => countedScripts(result, scripts, post));
        }
        case "start-cpu":
          if (expected !== null && expected !== "calls") post("Profiler.stop");
          expected = null;
          post("Profiler.setSamplingInterval", { interval: request.intervalUs ?? 500 });
          cpuAtStartUs = threadCpuUs();
          post("Profiler.start");
          return null;
        case "stop-cpu": {
          const { profile } = post("Profiler.stop") as Profiler.StopReturnType;
          const cpuUs = threadCpuUs();
          const urls = new Set(profile.nodes.map(({ callFrame }) => callFrame.url));
          return withScripts(session, post, (scripts) => ({
            profile,
            threadCpuUs: cpuUs === null || cpuAtStartUs === null ? null : cpuUs - cpuAtStartUs,
            sourceMaps: sourceMapsOf(urls, scripts),
          }));
        }
      }
    },
  };
}

type Post = (method: string, params?: object) => unknown;
type Scripts = ReadonlyMap<string, Debugger.ScriptParsedEventDataType>;

/** Every script by id. The debugger lists them when it is enabled, which is not before the load is over. */
function withScripts<T>(session: Session, post: Post, read: (scripts: Scripts) => T): T {
  const scripts = new Map<string, Debugger.ScriptParsedEventDataType>();
  const note = ({ params }: { readonly params: Debugger.ScriptParsedEventDataType }): void => {
    scripts.set(params.scriptId, params);
  };
  session.on("Debugger.scriptParsed", note);
  post("Debugger.enable");
  try {
    return read(scripts);
  } finally {
    session.removeListener("Debugger.scriptParsed", note);
    post("Debugger.disable");
  }
}

function countedScripts(
  coverage: readonly Profiler.ScriptCoverage[],
  scripts: Scripts,
  post: Post,
): CallsReply {
  const counted = coverage.flatMap(({ scriptId, url, functions }): CountedScript[] => {
    const ran = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
    if (ran.length === 0) return [];
    // Only the source as it was compiled tells lines: a loader may have made it from another. The debugger does not know
    // every script of Node.js itself.
    const starts = scripts.has(scriptId) ? lineStarts(sourceOf(scriptId, post)) : null;
    return [
      {
        url,
        functions: ran.map(({ functionName, ranges }) => ({
          name: functionName,
          count: ranges[0]!.count,
          ...(starts === null ? UNKNOWN_PLACE : placeAt(ranges[0]!.startOffset, starts)),
        })),
      },
    ];
  });
  return { scripts: counted, sourceMaps: sourceMapsOf(new Set(counted.map(({ url }) => url)), scripts) };
}

const UNKNOWN_PLACE = { line: -1, column: -1 };

function sourceOf(scriptId: string, post: Post): string {
  const found = post("Debugger.getScriptSource", { scriptId }) as Debugger.GetScriptSourceReturnType;
  return found.scriptSource;
}

function sourceMapsOf(urls: ReadonlySet<string>, scripts: Scripts): SourceMaps {
  const maps: Record<string, SourceMapText> = {};
  for (const { url, sourceMapURL } of scripts.values()) {
    if (url === "" || !urls.has(url) || sourceMapURL === undefined || sourceMapURL === "") continue;
    // What is installed is shown as it is installed.
    if (url.includes("/node_modules/")) continue;
    const map = readSourceMap(sourceMapURL, url);
    if (map !== null) maps[url] = map;
  }
  return maps;
}

/** Of the calling thread, which `/proc/thread-self` leads to; its first number is nanoseconds. Source: proc(5). */
function threadCpuUs(): number | null {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ", 1)[0]) / 1000;
  } catch {
    return null;
  }
}
