/** Rows of a data file in the order in which they are sent. */
export interface Rows {
  readonly columns: readonly string[];
  /** The row of request `number`; after the last row comes the first again. */
  at(number: number): readonly string[];
}

/** Values that no two requests of a run share. */
export const GENERATED = ["sequence", "uuid"] as const;
type Generated = (typeof GENERATED)[number];

/** Where the values come from that differ from request to request. */
export interface ValueSources {
  readonly rows: Rows | null;
  /** Random to look at, and the same for the same number. */
  readonly uuid: (number: number) => string;
}

/** Values of a request by its number. Only those that are used anywhere are made; a column outranks what is generated. */
export class VariedValues {
  readonly #sources: ValueSources;
  readonly #columns: readonly (readonly [name: string, index: number])[];
  readonly #generated: readonly Generated[];

  constructor(sources: ValueSources, isUsed: (name: string) => boolean) {
    const columns = sources.rows?.columns ?? [];
    this.#sources = sources;
    this.#columns = columns.map((name, index) => [name, index] as const).filter(([name]) => isUsed(name));
    this.#generated = GENERATED.filter((name) => !columns.includes(name) && isUsed(name));
  }

  get names(): readonly string[] {
    return [...this.#columns.map(([name]) => name), ...this.#generated];
  }

  /** Adds the values of request `number`, which counts from 0; `{sequence}` counts from 1. */
  addTo(values: Map<string, string>, number: number): void {
    if (this.#columns.length > 0) {
      const row = this.#sources.rows!.at(number);
      for (const [name, index] of this.#columns) values.set(name, row[index]!);
    }
    for (const name of this.#generated) values.set(name, this.#generate(name, number));
  }

  #generate(name: Generated, number: number): string {
    switch (name) {
      case "sequence":
        return String(number + 1);
      case "uuid":
        return this.#sources.uuid(number);
    }
  }
}
