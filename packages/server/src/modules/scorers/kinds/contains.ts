import { z } from "zod";
import { expectedTexts } from "../read-sample.ts";
import { defineKind, truth, unscored, YES_NO } from "./kind.ts";

const Params = z.strictObject({
  phrases: z
    .array(z.string().min(1).max(2_000))
    .max(200)
    .default([])
    .describe("What to look for; the expected texts of each sample when there is none."),
  mode: z.enum(["any", "all", "none"]).default("any").describe("How many of them must be there."),
  isCaseSensitive: z.boolean().default(false),
});

export const contains = defineKind({
  id: "contains",
  label: "Contains a phrase",
  group: "text",
  summary: "Whether phrases, or else the expected texts, stand in the answer.",
  params: Params,
  output: YES_NO,
  needs: [],
  open({ phrases, mode, isCaseSensitive }) {
    const plain = (text: string) => (isCaseSensitive ? text : text.toLowerCase()).normalize("NFC");
    return (sample) => {
      const wanted = phrases.length > 0 ? { texts: phrases } : expectedTexts(sample);
      if ("reason" in wanted) return unscored(`${wanted.reason} Give phrases, or samples that expect something.`);
      if (wanted.texts.some((text) => text === "")) return unscored("An empty expected text stands in everything.");
      const text = plain(sample.output);
      const found = wanted.texts.filter((phrase) => text.includes(plain(phrase)));
      const isRight = {
        any: found.length > 0,
        all: found.length === wanted.texts.length,
        none: found.length === 0,
      }[mode];
      return truth(isRight, found.length === 0 ? "None was found." : `Found: ${found.join(", ").slice(0, 300)}`);
    };
  },
});
