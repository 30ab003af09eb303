import { missingFrom, type DocumentKind, type Store } from "../../src/store/store.js";

/** A store that forgets everything with the process. */
export function memoryStore<T>(kind: Pick<DocumentKind<T>, "identityOf">): Store<T> {
  const documents: T[] = [];
  return {
    append(document) {
      documents.push(document);
      return Promise.resolve();
    },
    read: () => Promise.resolve([...documents]),
    async merge(other) {
      const missing = missingFrom(documents, await other.read(), kind);
      documents.push(...missing);
      return missing.length;
    },
  };
}
