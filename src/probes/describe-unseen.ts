import { quoted } from "../text/escape.js";

/** Of a service: what its processes run, by the names of their programs ("node", "python3.12", "server"). */
export type Programs = readonly string[];

/** What only starts others. */
const STARTERS =
  /^(?:sh|bash|dash|zsh|env|sudo|taskset|tini|dumb-init|make|npm|npx|yarn|pnpm|uv|poetry|go|cargo)$/;

/** Runtimes with functions that the system does not know of, and no instrument here. */
const CLOSED = /^(?:ruby|php|dotnet|beam|deno|bun|perl|erl|mono|lua|guile)(?![a-z])/;
const NODE = /^node(?:js)?$/;
const PYTHON = /^(?:python|pypy)[0-9.]*$/;
const LONGEST_NAME = 60;
const CONTAINER = /^(?:docker|podman|nerdctl|docker-compose)$/;

/** Whether a program is the service's own machine code, so that the system can see its functions. */
export function isNative(program: string): boolean {
  return ![STARTERS, CLOSED, NODE, PYTHON, CONTAINER, /^java$/].some((other) => other.test(program));
}

/**
 * Why nothing looked into these programs, in a sentence that says what would make it work.
 *
 * @param programs - as the system tells; empty where it does not
 * @param othersAreSeen - whether something looks into others of the service; then those that only start them go unsaid
 */
export function describeUnseen(programs: Programs, othersAreSeen = false): string | null {
  const found = [...new Set(programs)].filter((one) => !STARTERS.test(one));
  if (found.length === 0 && othersAreSeen) return null;
  if (found.some((one) => CONTAINER.test(one))) {
    return "it runs in a container, which does not get Tailgate's environment: started without one, it can be looked into";
  }
  if (found.some((one) => NODE.test(one))) {
    return 'Node.js runs but did not load the instrument: where the start command sets NODE_OPTIONS, let it keep what is there (NODE_OPTIONS="$NODE_OPTIONS ...")';
  }
  if (found.some((one) => PYTHON.test(one))) {
    return 'Python runs but did not load the instrument: start it without -I and -E, and where the command sets PYTHONPATH, let it keep what is there (PYTHONPATH="...:$PYTHONPATH")';
  }
  const names = found.slice(0, 5).map((one) => quoted(one.slice(0, LONGEST_NAME)));
  return `nothing looks into ${names.length === 0 ? "it" : names.join(", ")}: there are instruments for Node.js, Python, Java, and native code such as that of Go, Rust, C and C++`;
}
