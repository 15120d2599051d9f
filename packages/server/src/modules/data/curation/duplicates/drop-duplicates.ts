import type { DuplicateGroups } from "../sets/near-machine.ts";
import { act } from "../step/actions.ts";
import { gently, type Reading } from "../step/feed.ts";
import { kept, type Verdict } from "../step/step.ts";

type Saying = {
  readonly action: "drop" | "flag";
  /** For example `near-duplicate`; also the flag. */
  readonly rule: string;
  /** From which similarity a row is a duplicate; by row where it depends on the text, null where texts are the same. */
  readonly threshold: number | null | ((row: number) => number | null);
  /** The readable reason for a duplicate, without the original item. */
  readonly reason: string;
};

/** The verdict on each item: of every group one stays. */
export async function* dropDuplicates(
  reading: Reading,
  found: DuplicateGroups,
  saying: Saying,
): AsyncGenerator<Verdict> {
  const { keptRows, similarities, isEstimate } = found;
  const { rule, reason, action } = saying;
  const ids = await idsOfKept(reading, keptRows);
  let row = 0;
  for await (const item of gently(reading)) {
    const keptRow = keptRows[row] ?? -1;
    if (ids.has(row)) ids.set(row, item.itemId);
    if (keptRow < 0) yield kept(item);
    else {
      const itemId = ids.get(keptRow) ?? "";
      const threshold = typeof saying.threshold === "function" ? saying.threshold(row) : saying.threshold;
      const value = threshold === null ? null : Math.round((similarities[row] ?? 0) * 10_000) / 10_000;
      const likeness = value === null ? "" : ` (similarity ${isEstimate ? "about " : ""}${value})`;
      const what = { rule, reason: `${reason} ${itemId}${likeness}`, value, threshold };
      yield { ...act(item, what, { action, flags: [rule] }), item, related: { itemId } };
    }
    row++;
  }
}

/**
 * By row, the ids of the items that remain instead of others. Groups whose retained item comes first are filled in when
 * the others are found.
 */
async function idsOfKept(reading: Reading, keptRows: Int32Array): Promise<Map<number, string>> {
  const ids = new Map<number, string>();
  for (const row of keptRows) if (row >= 0) ids.set(row, "");
  if (keptRows.every((keptRow, row) => keptRow < row)) return ids;
  let row = 0;
  for await (const { itemId } of gently(reading)) {
    if (ids.has(row)) ids.set(row, itemId);
    row++;
  }
  return ids;
}
