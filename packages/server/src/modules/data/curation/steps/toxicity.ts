import { countListedWords, WORD_KINDS } from "@treadle/guards";
import { z } from "zod";
import { textOf } from "../items/item-text.ts";
import { Action, act, nothing, TextOf } from "../step/actions.ts";
import { rowStep } from "../step/row-step.ts";

const Params = z.strictObject({
  of: TextOf.default("all"),
  kinds: z
    .array(z.enum(WORD_KINDS))
    .min(1)
    .default([...WORD_KINDS]),
  most: z.number().int().min(0).max(1_000).default(0).describe("How many listed words an item may contain."),
  action: Action.default("flag"),
});

export const toxicity = rowStep({
  id: "toxicity",
  label: "Toxic and profane words",
  describe:
    "Finds words and phrases from short lists (English, and the most common in German, French and Spanish). A list ignores context: it matches quotations and misses polite insults. Review the items that it flags.",
  group: "quality",
  params: Params,
  judge:
    ({ of, kinds, most, action }) =>
    (item) => {
      const counts = countListedWords(textOf(item, of));
      const kindCounts = kinds.flatMap((kind) => (counts.has(kind) ? [{ kind, words: counts.get(kind) ?? 0 }] : []));
      const value = kindCounts.reduce((sum, { words }) => sum + words, 0);
      const measures = { words: value };
      if (value <= most) return nothing(measures);
      const top = kindCounts.toSorted((one, two) => two.words - one.words)[0]?.kind ?? "";
      const reason = kindCounts.map(({ kind, words }) => `${kind}: ${words}`).join(", ");
      const flags = kindCounts.map(({ kind }) => `toxicity:${kind}`);
      return act(item, { rule: top, reason, value, threshold: most }, { action, flags, measures });
    },
});
