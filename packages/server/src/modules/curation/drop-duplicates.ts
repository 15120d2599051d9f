import { gently, type Reading } from "./feed.ts";
import type { NearGroups } from "./sets/near-machine.ts";
import { act } from "./steps/actions.ts";
import { kept, type Verdict } from "./steps/step.ts";

type Saying = {
  readonly action: "drop" | "flag";
  /** Such as `near-duplicate`; also the flag. */
  readonly rule: string;
  readonly threshold: number | null;
  /** What a person reads of a duplicate, without the item it is one of. */
  readonly reason: string;
};

/** The verdict on each item: of every group one stays. */
export async function* dropDuplicates(reading: Reading, found: NearGroups, saying: Saying): AsyncGenerator<Verdict> {
  const { keptRows, similarities, isEstimate } = found;
  const { rule, threshold, reason, action } = saying;
  const ids = await idsOfKept(reading, keptRows);
  let row = 0;
  for await (const item of gently(reading)) {
    const keptRow = keptRows[row] ?? -1;
    if (ids.has(row)) ids.set(row, item.itemId);
    if (keptRow < 0) yield kept(item);
    else {
      const itemId = ids.get(keptRow) ?? "";
      const value = threshold === null ? null : Math.round((similarities[row] ?? 0) * 10_000) / 10_000;
      const likeness = value === null ? "" : ` (similarity ${isEstimate ? "about " : ""}${value})`;
      const what = { rule, reason: `${reason} ${itemId}${likeness}`, value, threshold };
      yield { ...act(item, what, { action, flags: [rule] }), item, related: { itemId } };
    }
    row++;
  }
}

/** By row the ids of the items that stay in the stead of others. Those that stand before all of theirs are filled in when they are met. */
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
