import { createHash } from "node:crypto";
import type { OptimisationInput } from "@treadle/contract";
import type { LabItem } from "./lab.ts";

type Sizes = OptimisationInput["parts"];
export type Parts = { readonly [Part in keyof Sizes]: readonly LabItem[] };

const PARTS = ["feedback", "selection", "test"] as const;

/**
 * Parts items in three by a hash of their inputs, so that an item stays in its part whatever comes to the dataset, and the same
 * question is never in two parts. Holds no more items than the sizes ask for.
 */
export async function splitItems(items: AsyncIterable<LabItem>, sizes: Sizes): Promise<Parts> {
  const drawn = {
    feedback: createDraw(sizes.feedback),
    selection: createDraw(sizes.selection),
    test: createDraw(sizes.test),
  };
  for await (const item of items) {
    const hash = createHash("sha256").update(sortedJson(item.inputs)).digest();
    const part = PARTS[hash.readUInt32BE(0) % PARTS.length] ?? "test";
    drawn[part].offer(item, hash.toString("hex", 4));
  }
  return { feedback: drawn.feedback.items(), selection: drawn.selection.items(), test: drawn.test.items() };
}

/** Keeps the items with the lowest lots. */
function createDraw(most: number) {
  let kept: { readonly item: LabItem; readonly lot: string }[] = [];
  const cut = () => {
    kept.sort((a, b) => (a.lot === b.lot ? (a.item.itemId < b.item.itemId ? -1 : 1) : a.lot < b.lot ? -1 : 1));
    kept = kept.slice(0, most);
  };
  return {
    offer(item: LabItem, lot: string): void {
      kept.push({ item, lot });
      if (kept.length >= 2 * most + 64) cut();
    },
    items(): readonly LabItem[] {
      cut();
      return kept.map(({ item }) => item);
    },
  };
}

/** JSON whose keys are in one order, so that equal inputs are equal texts. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
