import { z } from "zod";
import { defineKind, truth, unscored, YES_NO } from "../../scoring/kind.ts";
import { questionOf } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  language: z
    .string()
    .regex(/^([a-z]{2,3})?$/, "use an ISO 639 code such as en")
    .default("")
    .describe("The expected language, such as `en`. Leave it empty to use the language of the question."),
  leastConfidence: z.number().min(0).max(1).default(0.5),
});

export const language = defineKind({
  id: "language",
  label: "Language",
  group: "language",
  summary:
    "Checks whether the answer is in the expected language, or in the language of the question. Undefined for texts that are too short or mix languages.",
  params: Params,
  output: { ...YES_NO, type: "label" },
  needs: [],
  open:
    ({ language: wanted, leastConfidence }) =>
    async (sample, { readTexts }) => {
      const language = await readTexts.language(sample.output);
      if (language.confidence < leastConfidence) return unscored("The language of the answer cannot be detected.");
      if (wanted !== "") return truth(language.language === wanted, "", { label: language.language });
      const asked = await readTexts.language(questionOf(sample));
      if (asked.confidence < leastConfidence) return unscored("The language of the question cannot be detected.");
      return truth(language.language === asked.language, `The question is in ${asked.language}.`, {
        label: language.language,
      });
    },
});
