import { z } from "zod";
import { questionOf } from "../read-sample.ts";
import { defineKind, truth, unscored, YES_NO } from "./kind.ts";

const Params = z.strictObject({
  language: z
    .string()
    .regex(/^([a-z]{2,3})?$/, "use an ISO 639 code such as en")
    .default("")
    .describe("The language that is wanted, such as `en`; empty wants that of the question."),
  leastConfidence: z.number().min(0).max(1).default(0.5),
});

export const language = defineKind({
  id: "language",
  label: "Language",
  group: "language",
  summary:
    "Whether the answer is in the language that is wanted, or in that of the question. Undefined for texts that are too short or mixed to tell.",
  params: Params,
  output: { ...YES_NO, type: "label" },
  needs: [],
  open:
    ({ language: wanted, leastConfidence }) =>
    async (sample, { readTexts }) => {
      const found = await readTexts.language(sample.output);
      if (found.confidence < leastConfidence) return unscored("The language of the answer cannot be told.");
      if (wanted !== "") return truth(found.language === wanted, "", { label: found.language });
      const asked = await readTexts.language(questionOf(sample));
      if (asked.confidence < leastConfidence) return unscored("The language of the question cannot be told.");
      return truth(found.language === asked.language, `The question is in ${asked.language}.`, {
        label: found.language,
      });
    },
});
