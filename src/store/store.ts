import type { z } from "zod";

/**
 * Documents of one kind that outlive the process that made them, such as the blocks of a run. Another place to keep them
 * (a database, a git ref) is another implementation.
 */
export interface Store<T> {
  /**
   * Keeps one more document: whole, or not at all.
   *
   * @throws TailgateError `disk` when there is no room; the documents before it stay whole
   */
  append(document: T): Promise<void>;
  /**
   * Every document, in the order in which they were appended.
   *
   * @throws TailgateError `artifact` when something else than such documents lies there
   */
  read(): Promise<T[]>;
  /**
   * Appends the documents of another store that this one does not hold. A second time it appends nothing.
   *
   * @returns how many were appended
   */
  merge(other: Pick<Store<T>, "read">): Promise<number>;
}

/** What a store has to know of the documents that it keeps. */
export interface DocumentKind<T> {
  readonly schema: z.ZodType<T>;
  /** Two documents with one identity are the same document. */
  readonly identityOf: (document: T) => string;
  /** For errors, such as "a block". */
  readonly name: string;
  /** What to do where something else was found. */
  readonly hint: string;
}

/** The documents of `others` that are not among `own`, each once. */
export function missingFrom<T>(
  own: readonly T[],
  others: readonly T[],
  { identityOf }: Pick<DocumentKind<T>, "identityOf">,
): T[] {
  const known = new Set(own.map(identityOf));
  return others.filter((document) => {
    const identity = identityOf(document);
    if (known.has(identity)) return false;
    known.add(identity);
    return true;
  });
}
