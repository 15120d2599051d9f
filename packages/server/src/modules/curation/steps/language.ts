import { z } from "zod";
import { textOf } from "../item-text.ts";
import { detectLanguage } from "../texts/detect-language.ts";
import { act, nothing, TextOf } from "./actions.ts";
import { rowStep } from "./row-step.ts";

const Params = z.strictObject({
  of: TextOf.default("all"),
  keep: z
    .array(z.string().regex(/^[a-z]{2,3}$/, "use codes of ISO 639 such as `en`"))
    .max(200)
    .default([])
    .describe("Languages that are wanted; none: all are, and the language is only noted."),
  minConfidence: z.number().min(0).max(1).default(0.65).describe("Below it nobody knows the language."),
  minCharacters: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(20)
    .describe("In fewer characters nobody knows the language."),
  unknown: z.enum(["keep", "remove"]).default("keep").describe("What becomes of items whose language nobody knows."),
  action: z
    .enum(["drop", "flag", "note"])
    .default("drop")
    .describe(
      "`drop` removes other languages, `flag` notes them in `metadata.flags`, `note` writes each language to `metadata.language`.",
    ),
});

export const language = rowStep({
  id: "language",
  label: "Language",
  describe:
    "Tells the language of each text (176 of them, by fastText) and keeps those that are wanted. Short texts are often taken for another language.",
  group: "language",
  params: Params,
  judge({ of, keep, minConfidence, minCharacters, unknown, action }) {
    return async (item) => {
      const text = textOf(item, of);
      const { language: found, confidence } = await detectLanguage(text);
      const isSure = confidence >= minConfidence && text.length >= minCharacters;
      const code = isSure ? found : "und";
      const measures = { confidence };
      if (action === "note") {
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
      const isWanted = isSure ? keep.length === 0 || keep.includes(code) : unknown === "keep";
      if (isWanted) return nothing(measures);
      const reason = isSure ? `The language is ${code}` : `Nobody knows the language; perhaps ${found}`;
      return act(
        item,
        { rule: code, reason, value: confidence, threshold: minConfidence },
        { action, flags: [`language:${code}`], measures },
      );
    };
  },
});
