import { z } from "zod";
import { textOf } from "../item-text.ts";
import { countToxic } from "../rules/toxic.ts";
import { TOXIC_KINDS } from "../rules/toxic-words.ts";
import { Action, act, nothing, TextOf } from "./actions.ts";
import { rowStep } from "./row-step.ts";

const Params = z.strictObject({
  of: TextOf.default("all"),
  kinds: z
    .array(z.enum(TOXIC_KINDS))
    .min(1)
    .default([...TOXIC_KINDS]),
  most: z.number().int().min(0).max(1_000).default(0).describe("Words of the lists that an item may hold."),
  action: Action.default("flag"),
});

export const toxicity = rowStep({
  id: "toxicity",
  label: "Toxic and profane words",
  describe:
    "Finds words and phrases of short lists (English, and the commonest of German, French and Spanish). A list does not know what is meant: it finds a quotation and misses an insult in polite words, so that people look at what it flags.",
  group: "quality",
  params: Params,
  judge:
    ({ of, kinds, most, action }) =>
    (item) => {
      const counts = countToxic(textOf(item, of));
      const found = kinds.flatMap((kind) => (counts.has(kind) ? [{ kind, words: counts.get(kind) ?? 0 }] : []));
      const value = found.reduce((sum, { words }) => sum + words, 0);
      const measures = { words: value };
      if (value <= most) return nothing(measures);
      const top = found.toSorted((one, two) => two.words - one.words)[0]?.kind ?? "";
      const reason = found.map(({ kind, words }) => `${kind}: ${words}`).join(", ");
      const flags = found.map(({ kind }) => `toxicity:${kind}`);
      return act(item, { rule: top, reason, value, threshold: most }, { action, flags, measures });
    },
});
