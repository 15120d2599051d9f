import { z } from "zod";
import { expectedTexts } from "../read-sample.ts";
import { defineKind, truth, unscored, YES_NO } from "./kind.ts";

const Params = z.strictObject({
  isTrimmed: z.boolean().default(true).describe("Blanks at both ends do not count."),
});

export const exactMatch = defineKind({
  id: "exact-match",
  label: "Exact match",
  group: "text",
  summary: "Whether the answer is one of the expected texts, character by character.",
  params: Params,
  output: YES_NO,
  needs: ["expected"],
  open:
    ({ isTrimmed }) =>
    (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const plain = (text: string) => (isTrimmed ? text.trim() : text);
      return truth(expected.texts.some((text) => plain(text) === plain(sample.output)));
    },
});
