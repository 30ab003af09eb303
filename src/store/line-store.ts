import { truncate } from "node:fs/promises";
import { appendLine } from "../files/atomic-write.js";
import { readDocument, textOf } from "./read-document.js";
import { missingFrom, type DocumentKind, type Store } from "./store.js";

/** A store in a file with one document a line (NDJSON), written as soon as there is one. */
export function lineStore<T>(file: string, kind: DocumentKind<T>): Store<T> {
  let endsWhole = false;
  const store: Store<T> = {
    async append(document) {
      if (!endsWhole) await removeUnfinishedLine(file);
      endsWhole = true;
      await appendLine(file, JSON.stringify(document));
    },
    async read() {
      const lines = wholeLines((await textOf(file)) ?? "").split("\n");
      return lines.flatMap((line, index) =>
        line === "" ? [] : [readDocument(line, `Line ${index + 1} of ${file}`, kind)],
      );
    },
    async merge(other) {
      const missing = missingFrom(await store.read(), await other.read(), kind);
      for (const document of missing) await store.append(document);
      return missing.length;
    },
  };
  return store;
}

/** A last line without its end was being written when the process died. */
function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

/** The next document must not continue a line that was cut off. */
async function removeUnfinishedLine(file: string): Promise<void> {
  const text = await textOf(file);
  if (text === null) return;
  const whole = wholeLines(text);
  if (whole !== text) await truncate(file, Buffer.byteLength(whole));
}
