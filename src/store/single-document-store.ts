import { replaceFile } from "../files/atomic-write.js";
import { readDocument, textOf } from "./read-document.js";
import { missingFrom, type DocumentKind, type Store } from "./store.js";

/** A store in a file that people may read, with one document: the one that was appended last. */
export function singleDocumentStore<T>(file: string, kind: DocumentKind<T>): Store<T> {
  const store: Store<T> = {
    async append(document) {
      await replaceFile(file, `${JSON.stringify(document, null, 2)}\n`);
    },
    async read() {
      const text = await textOf(file);
      return text === null ? [] : [readDocument(text, file, kind)];
    },
    async merge(other) {
      const missing = missingFrom(await store.read(), await other.read(), kind);
      const last = missing.at(-1);
      if (last === undefined) return 0;
      await store.append(last);
      return 1;
    },
  };
  return store;
}
