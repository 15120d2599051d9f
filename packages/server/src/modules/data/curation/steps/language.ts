import { z } from "zod";
import { textOf } from "../items/item-text.ts";
import { detectLanguage } from "../rules/detect-language.ts";
import { act, nothing, TextOf } from "../step/actions.ts";
import { rowStep } from "../step/row-step.ts";

const Params = z.strictObject({
  of: TextOf.default("all"),
  keep: z
    .array(z.string().regex(/^[a-z]{2,3}$/, "use ISO 639 codes such as `en`"))
    .max(200)
    .default([])
    .describe("The languages to keep. Leave it empty to keep all items and record the language of each."),
  minConfidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.65)
    .describe("Below this confidence, the language counts as unknown."),
  minCharacters: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(20)
    .describe("Minimum text length in characters. In shorter texts, the language counts as unknown."),
  unknown: z.enum(["keep", "remove"]).default("keep").describe("Whether to keep items of an unknown language."),
  action: z
    .enum(["drop", "flag", "note"])
    .default("drop")
    .describe(
      "`drop` removes items in other languages and `flag` marks them in `metadata.flags`. `note`, or an empty `keep`, writes the language of each item to `metadata.language`.",
    ),
});

export const language = rowStep({
  id: "language",
  label: "Language",
  describe:
    "Detects the language of each text (fastText, 176 languages). It records the language, or keeps only the languages that you name. Detection is often wrong for short texts.",
  group: "language",
  params: Params,
  judge({ of, keep, minConfidence, minCharacters, unknown, action }) {
    return async (item) => {
      const text = textOf(item, of);
      const { language: found, confidence } = await detectLanguage(text);
      const isSure = confidence >= minConfidence && text.length >= minCharacters;
      const code = isSure ? found : "und";
      const measures = { confidence };
      // An empty `keep` wants every language; only `unknown` may then remove or flag a text.
      if (action === "note" || (keep.length === 0 && (isSure || unknown === "keep"))) {
        if (item.metadata.language === code) return nothing(measures);
        const edited = { ...item, metadata: { ...item.metadata, language: code } };
        return {
          keep: true,
          rule: code,
          reason: `Language: ${code}`,
          value: confidence,
          threshold: minConfidence,
          edited,
          measures,
        };
      }
      const isWanted = isSure ? keep.includes(code) : unknown === "keep";
      if (isWanted) return nothing(measures);
      const reason = isSure ? `The language is ${code}` : `The language is unknown; possibly ${found}`;
      return act(
        item,
        { rule: code, reason, value: confidence, threshold: minConfidence },
        { action, flags: [`language:${code}`], measures },
      );
    };
  },
});
