import { editSimilarity as similarity } from "@treadle/metrics";
import { z } from "zod";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

/** Time grows with the product of both lengths. */
const MOST_CHARACTERS = 5_000;

export const editSimilarity = defineKind({
  id: "edit-similarity",
  label: "Edit similarity",
  group: "text",
  summary: `1 − Levenshtein distance / length of the longer text, in code points. Uses the best expected text. Undefined for texts of more than ${MOST_CHARACTERS} characters.`,
  params: z.strictObject({}),
  output: SHARE,
  needs: ["expected"],
  open: () => (sample) => {
    const expected = expectedTexts(sample);
    if ("reason" in expected) return unscored(expected.reason);
    if ([sample.output, ...expected.texts].some((text) => text.length > MOST_CHARACTERS))
      return unscored(`A text has more than ${MOST_CHARACTERS} characters.`);
    return scored(Math.max(...expected.texts.map((text) => similarity(sample.output, text))));
  },
});
