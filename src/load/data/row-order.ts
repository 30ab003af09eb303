import { seededRandom } from "../../stats/random.js";

/** All of `rows` rows in random order (Fisher and Yates), the same for the same seed. */
export function rowOrder(rows: number, seed: number): Uint32Array {
  const random = seededRandom(seed, "rows");
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  for (let i = rows - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const row = order[i]!;
    order[i] = order[j]!;
    order[j] = row;
  }
  return order;
}
