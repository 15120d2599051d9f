import { z } from "zod";
import { defineKind, truth, unscored, YES_NO } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  phrases: z
    .array(z.string().min(1).max(2_000))
    .max(200)
    .default([])
    .describe("The phrases to look for. Leave it empty to use the expected texts of each sample."),
  mode: z.enum(["any", "all", "none"]).default("any").describe("How many of them the answer must contain."),
  isCaseSensitive: z.boolean().default(false),
});

export const contains = defineKind({
  id: "contains",
  label: "Contains a phrase",
  group: "text",
  summary: "Checks whether the answer contains the phrases, or the expected texts.",
  params: Params,
  output: YES_NO,
  needs: [],
  open({ phrases, mode, isCaseSensitive }) {
    const plain = (text: string) => (isCaseSensitive ? text : text.toLowerCase()).normalize("NFC");
    return (sample) => {
      const wanted = phrases.length > 0 ? { texts: phrases } : expectedTexts(sample);
      if ("reason" in wanted) return unscored(`${wanted.reason} Set phrases, or use samples with an expected answer.`);
      if (wanted.texts.some((text) => text === ""))
        return unscored("An empty expected text is contained in every answer. Set another one.");
      const text = plain(sample.output);
      const matches = wanted.texts.filter((phrase) => text.includes(plain(phrase)));
      const isRight = {
        any: matches.length > 0,
        all: matches.length === wanted.texts.length,
        none: matches.length === 0,
      }[mode];
      return truth(isRight, matches.length === 0 ? "None was found." : `Found: ${matches.join(", ").slice(0, 300)}`);
    };
  },
});
