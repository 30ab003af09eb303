import { shellWord } from "../../text/shell-word.js";
import { findAll, placeOf, sourcesOf, type Finding, type ProjectGuess, type Snapshot } from "./snapshot.js";

const LISTENS = /\.?ListenAndServe(TLS)?\(|\.Run\(|\.Listen\(|\.Start\(/g;

/** A Go module; `null` where there is no go.mod. */
export function guessGo(snapshot: Snapshot): ProjectGuess | null {
  if (!snapshot.texts.has("go.mod")) return null;
  const sources = sourcesOf(snapshot, [".go"]);
  const mains = findAll(snapshot, sources, /^func main\(\)/gm);
  const main = mains.find((one) => listens(snapshot, one)) ?? mains[0];
  const folder = main?.path.replace(/\/?[^/]*$/, "") ?? "";
  const others = mains.filter((one) => one !== main && listens(snapshot, one)).map(placeOf);
  return {
    language: "go",
    build:
      main === undefined
        ? null
        : {
            value: `go build -o bin/service ${folder === "" ? "." : shellWord(`./${folder}`)}`,
            from: `go.mod, ${placeOf(main)}`,
          },
    start: main === undefined ? null : { value: "bin/service", from: placeOf(main) },
    extensions: [".go"],
    steps: [],
    unknown: others.length > 0 ? [`Other programs of the module listen too: ${others.join(", ")}.`] : [],
    portFrom: null,
  };
}

function listens(snapshot: Snapshot, { path }: Finding): boolean {
  return findAll(snapshot, [path], LISTENS).length > 0;
}
