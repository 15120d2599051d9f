import type { Item } from "@treadle/contract";
import { type TextView, textOf } from "../items/item-text.ts";
import { feed, type Reading } from "./feed.ts";
import type { StepTools } from "./step.ts";

type Embedding = {
  readonly of: TextView;
  readonly embed: StepTools["embed"];
  /** Takes the vectors of some items, in their order. */
  take(vectors: readonly (readonly number[])[], items: readonly Item[]): Promise<unknown>;
};

const TEXTS_AT_ONCE = 64;
/** The beginning shows what a text is about, and no model reads more. */
const MOST_CHARACTERS = 8_000;

/** A vector for the text of each item. Without text it is all zeros, which is like no other. */
export async function embedItems(reading: Reading, { of, embed, take }: Embedding): Promise<void> {
  const embedTexts = createEmbedding(embed);
  await feed(reading, {
    from: 0,
    to: 0.9,
    hand: async (items) => {
      for (let start = 0; start < items.length; start += TEXTS_AT_ONCE) {
        const some = items.slice(start, start + TEXTS_AT_ONCE);
        reading.signal.throwIfAborted();
        const texts = some.map((item) => textOf(item, of, { isSpoken: true }).slice(0, MOST_CHARACTERS));
        await take(await embedTexts(texts), some);
      }
    },
  });
}

/** Embeds what has text; a model takes no empty one. */
function createEmbedding(embed: StepTools["embed"]) {
  let nothing: readonly number[] | null = null;
  return async function embedTexts(texts: readonly string[]): Promise<readonly (readonly number[])[]> {
    const nonEmpty = texts.filter(isSaid);
    const vectors = nonEmpty.length > 0 ? await embed(nonEmpty) : [];
    if (nonEmpty.length === texts.length) return vectors;
    nothing ??= ((await embed(["nothing"]))[0] ?? []).map(() => 0);
    const missing = nothing;
    let next = 0;
    return texts.map((text) => (isSaid(text) ? (vectors[next++] ?? missing) : missing));
  };
}
const isSaid = (text: string) => text.trim() !== "";
