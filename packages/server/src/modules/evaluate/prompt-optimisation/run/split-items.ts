import { createHash } from "node:crypto";
import type { OptimisationInput } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { EvaluatorItem } from "../search/evaluator.ts";

type Sizes = OptimisationInput["parts"];
export type Parts = { readonly [Part in keyof Sizes]: readonly EvaluatorItem[] };

const PARTS = ["feedback", "selection", "test"] as const;

/**
 * Splits items in three by a hash of their inputs. An item stays in its part when the dataset grows, and the same
 * inputs are never in two parts. Selects no more items than the sizes allow.
 */
export async function splitItems(items: AsyncIterable<EvaluatorItem>, sizes: Sizes): Promise<Parts> {
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

/** Selects the items with the lowest hashes. */
function createDraw(most: number) {
  let distinct: { readonly item: EvaluatorItem; readonly lot: string }[] = [];
  const cut = () => {
    distinct.sort((a, b) => (a.lot === b.lot ? (a.item.itemId < b.item.itemId ? -1 : 1) : a.lot < b.lot ? -1 : 1));
    distinct = distinct.slice(0, most);
  };
  return {
    offer(item: EvaluatorItem, lot: string): void {
      distinct.push({ item, lot });
      if (distinct.length >= 2 * most + 64) cut();
    },
    items(): readonly EvaluatorItem[] {
      cut();
      return distinct.map(({ item }) => item);
    },
  };
}

/** JSON whose keys are in one order, so that equal inputs are equal texts. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    isRecord(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}
