import { hash } from "node:crypto";
import type { Item } from "@treadle/contract";
import type { Recipe } from "./recipes/recipe.ts";

/** So many are drawn, spread over all; more would give little more variety and cost memory. */
const MOST_SEEDS = 300;

/** Returns the seeds of one attempt. Null if there are none left. */
export type SeedSource = { next(tryNumber: number): Promise<readonly Item[] | null> };

type Drawing = {
  readonly items: AsyncIterable<Item>;
  readonly recipe: Recipe;
  readonly salt: string;
  readonly isOwnDraft: boolean;
};

/** Draws some of the items that a recipe takes, the same ones for the same salt; each try gets others of them. */
export async function drawSeeds({ items, recipe, salt, isOwnDraft }: Drawing): Promise<SeedSource> {
  let drawn: { readonly rank: string; readonly item: Item }[] = [];
  for await (const item of items) {
    if (!recipe.takes(item, isOwnDraft)) continue;
    drawn.push({ rank: hash("sha256", `${salt}\n${item.itemId}`, "hex"), item });
    if (drawn.length >= 2 * MOST_SEEDS) drawn = lowest(drawn);
  }
  const seeds = lowest(drawn).map(({ item }) => item);
  return {
    async next(tryNumber) {
      if (seeds.length === 0) return recipe.needsSeeds ? null : [];
      const itemsById = new Map<string, Item>();
      for (let place = 0; itemsById.size < Math.min(recipe.seeds, seeds.length); place++) {
        const seed = seeds[placeFor(`${salt}\n${tryNumber}\n${place}`, seeds.length)];
        if (seed) itemsById.set(seed.itemId, seed);
      }
      return [...itemsById.values()];
    },
  };
}

/** Gives every item that a recipe takes once, in their order, but those that were worked on before. */
export function takeSeeds({
  items,
  recipe,
  isOwnDraft,
  done,
}: Omit<Drawing, "salt"> & { readonly done: ReadonlySet<string> }) {
  const all = items[Symbol.asyncIterator]();
  return {
    async next(): Promise<readonly Item[] | null> {
      for (;;) {
        const { value, done: isOver } = await all.next();
        if (isOver) return null;
        if (!done.has(value.itemId) && recipe.takes(value, isOwnDraft)) return [value];
      }
    },
    close: async () => void (await all.return?.()),
  };
}

const lowest = <One extends { readonly rank: string }>(drawn: readonly One[]): One[] =>
  [...drawn].sort((one, other) => (one.rank < other.rank ? -1 : 1)).slice(0, MOST_SEEDS);

const placeFor = (text: string, length: number): number =>
  Number.parseInt(hash("sha256", text, "hex").slice(0, 12), 16) % length;
