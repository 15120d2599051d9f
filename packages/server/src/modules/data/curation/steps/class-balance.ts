import { createHmac } from "node:crypto";
import { type Item, ItemPlace } from "@treadle/contract";
import { z } from "zod";
import { fieldText } from "../items/item-field.ts";
import { nothing } from "../step/actions.ts";
import type { Step, StepContext, Verdict } from "../step/step.ts";

/** The maximum number of classes. With more, the field is not a class. */
const MOST_CLASSES = 100_000;

const Params = z.strictObject({
  field: ItemPlace.default("expected").describe("The field with the class of an item."),
  most: z.number().int().min(1).max(100_000_000).optional().describe("Maximum number of items per class."),
  ratio: z
    .number()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("Maximum size of a class, as a multiple of the smallest class that has enough items."),
  fewest: z.number().int().min(1).max(1_000_000).default(1).describe("Classes with fewer items are removed."),
});
type Params = z.output<typeof Params>;

export const classBalance: Step<typeof Params> = {
  id: "class-balance",
  label: "Class balance",
  describe:
    "Removes items from classes that are too large, and removes classes that are too small to learn from. It chooses the same items every time.",
  group: "balance",
  params: Params,
  isSetWise: true,
  run: balance,
};

async function* balance(context: StepContext, params: Params): AsyncGenerator<Verdict> {
  const ranks = await rankClasses(context, params.field);
  const big = [...ranks.values()].filter((ranked) => ranked.length >= params.fewest);
  const smallest = big.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);
  const most = Math.min(
    params.most ?? Number.POSITIVE_INFINITY,
    Math.ceil((params.ratio ?? Number.POSITIVE_INFINITY) * smallest),
  );
  const limits = new Map(
    [...ranks].map(([name, ranked]) => [name, { size: ranked.length, last: lastKept(ranked, most) }]),
  );
  for await (const item of context.read()) {
    context.signal.throwIfAborted();
    const name = classOf(item, params.field);
    const { size, last } = limits.get(name) ?? { size: 0, last: 0 };
    const isTooSmall = size < params.fewest;
    if (!isTooSmall && rankOf(context.secret, item) <= last) yield { item, ...nothing({ itemsOfClass: size }) };
    else
      yield {
        item,
        keep: false,
        rule: isTooSmall ? "too-few" : "too-many",
        reason: `Class ${name} has ${size} ${size === 1 ? "item" : "items"}${isTooSmall ? `, fewer than ${params.fewest}` : `; ${most} are kept`}`,
        value: size,
        threshold: isTooSmall ? params.fewest : most,
        measures: { itemsOfClass: size },
      };
  }
}

/** The ranks of the items by class, with eight bytes per item. */
async function rankClasses({ read, signal, secret, rows, progress }: StepContext, field: string) {
  const ranks = new Map<string, number[]>();
  let seenItems = 0;
  for await (const item of read()) {
    signal.throwIfAborted();
    const name = classOf(item, field);
    const ranked = ranks.get(name) ?? [];
    if (ranked.length === 0 && ranks.size >= MOST_CLASSES) continue;
    ranked.push(rankOf(secret, item));
    ranks.set(name, ranked);
    if (++seenItems % 1_000 === 0) progress(seenItems / rows);
  }
  return ranks;
}

/** The largest rank among the retained items. */
const lastKept = (ranked: readonly number[], most: number): number =>
  ranked.length <= most ? Number.POSITIVE_INFINITY : (Float64Array.from(ranked).toSorted()[most - 1] ?? 0);

/** A 48-bit hash of the item, so that new items change the selection only a little. */
const rankOf = (secret: Uint8Array, { itemId }: Item): number =>
  createHmac("sha256", secret).update(itemId).digest().readUIntBE(0, 6);

/** Items without the field form a separate class. */
const classOf = (item: Item, field: string): string => fieldText(item, field) ?? "(none)";
