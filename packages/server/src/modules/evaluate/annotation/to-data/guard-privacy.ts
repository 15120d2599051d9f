import type { DataRules, Item } from "@treadle/contract";
import { maskItem } from "../../../data/curation/index.ts";
import type { Dropped } from "../evidence/dropped.ts";

/** Puts what is private out of sight, or leaves the row out, as the rules say. `secret` is the dataset's: placeholders differ between datasets. */
export function guardPrivacy(
  rows: readonly Item[],
  privacy: DataRules["privacy"],
  { secret, dropped }: { secret: Uint8Array; dropped: Dropped },
): { rows: Item[]; masked: number } {
  if (privacy === "keep") return { rows: [...rows], masked: 0 };
  let masked = 0;
  const keptRows = rows.flatMap((row) => {
    const { item, findings } = maskItem(row, secret);
    if (findings === 0) return [row];
    if (privacy === "mask") {
      masked += 1;
      return [item];
    }
    dropped.add("private", sourceIdsOf(row));
    return [];
  });
  return { rows: keptRows, masked };
}

const sourceIdsOf = ({ metadata: { sourceIds } }: Item): string[] =>
  Array.isArray(sourceIds) ? sourceIds.filter((id) => typeof id === "string") : [];
