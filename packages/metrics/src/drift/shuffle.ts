import type { Random } from "../random.ts";

/** Puts values into a random order, in place; each order is as likely as any other. */
export function shuffle(values: Uint8Array | Uint32Array, random: Random): void {
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const swapped = values[at] ?? 0;
    values[at] = values[other] ?? 0;
    values[other] = swapped;
  }
}
