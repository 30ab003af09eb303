import { shellWord } from "../../text/shell-word.js";
import {
  findAll,
  placeOf,
  sourcesOf,
  startOnly,
  withoutProjectsBelow,
  type Finding,
  type ProjectGuess,
  type Snapshot,
} from "./snapshot.js";

const LISTENS = /\.?ListenAndServe(TLS)?\(|\.Run\(|\.Listen\(|\.Start\(/g;
const FRAMEWORK =
  /"(net\/http|github\.com\/(gin-gonic\/gin|labstack\/echo[\w/]*|gofiber\/fiber[\w/]*|go-chi\/chi[\w/]*|gorilla\/mux))"/;

/** A Go module; `null` where there is no go.mod. */
export function guessGo(whole: Snapshot): ProjectGuess | null {
  if (!whole.texts.has("go.mod")) return null;
  const snapshot = withoutProjectsBelow(whole, /^go\.mod$/);
  const sources = sourcesOf(snapshot, [".go"]);
  const mains = findAll(snapshot, sources, /^func main\(\)/gm);
  const main =
    mains.find((one) => listens(snapshot, one)) ??
    mains.find(({ path }) => /(^|\/)(server|api|web|app|http)\w*\/[^/]+$/.test(path)) ??
    mains[0];
  const folder = main?.path.replace(/\/?[^/]*$/, "") ?? "";
  const others = mains.filter((one) => one !== main && listens(snapshot, one)).map(placeOf);
  const flag = main === undefined ? null : portFlag(snapshot, folder);
  return {
    language: "go",
    build:
      main === undefined
        ? null
        : {
            value: `go build -o bin/service ${folder === "" ? "." : shellWord(`./${folder}`)}`,
            from: `go.mod, ${placeOf(main)}`,
          },
    start:
      main === undefined
        ? null
        : { value: `bin/service${flag === null ? "" : ` ${flag}`}`, from: placeOf(main) },
    setup: [],
    envFile: null,
    serves:
      sources.some((path) => FRAMEWORK.test(snapshot.texts.get(path) ?? "")) ||
      (main !== undefined && listens(snapshot, main)),
    // A program that another build makes, at another place.
    deployed: (command) => (main === undefined ? startOnly(command) : null),
    extensions: [".go"],
    steps: [],
    unknown: others.length > 0 ? [`Other programs of the module listen too: ${others.join(", ")}.`] : [],
    portFrom: ginRuns(snapshot, sources),
  };
}

function listens(snapshot: Snapshot, { path }: Finding): boolean {
  return findAll(snapshot, [path], LISTENS).length > 0;
}

/** Without an argument gin listens on PORT, or 8080. Source: gin's resolveAddress. */
function ginRuns(snapshot: Snapshot, sources: readonly string[]): string | null {
  const gin = sources.filter((path) => /gin-gonic\/gin"/.test(snapshot.texts.get(path) ?? ""));
  const [run] = findAll(snapshot, gin, /\.Run\(\)/g);
  return run === undefined ? null : `gin's Run() at ${placeOf(run)} reads PORT`;
}

/** A flag of the program that says where it listens: `-port` or `-addr`. */
function portFlag(snapshot: Snapshot, folder: string): string | null {
  const inside = (path: string): boolean => path.replace(/\/?[^/]*$/, "") === folder;
  const sources = sourcesOf(snapshot, [".go"]).filter(inside);
  const [flag] = findAll(
    snapshot,
    sources,
    /\bflag\.(Int|String)(?:Var)?\((?:\s*&[\w.]{1,60}\s*,)?\s*"((?:http|server|listen|api)?-?(?:port|addr|address|listen|bind))"\s*,\s*(?:"([^"\n]{0,60})"|(\d+))/g,
  );
  if (flag === undefined) return null;
  const [, kind, name, text] = flag.match;
  if (kind === "Int" || (text !== undefined && /^\d+$/.test(text))) return `-${name!} {port}`;
  const host = /^(.*):\d+$/.exec(text ?? "")?.[1];
  return host === undefined ? null : `-${name!} ${host}:{port}`;
}
