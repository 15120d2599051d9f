import { z } from "zod";
import { Extract, extractPart } from "../../scoring/extract-part.ts";
import { defineKind, truth, unscored, YES_NO } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  extract: Extract,
  isTrimmed: z.boolean().default(true).describe("Ignores whitespace at both ends."),
});

export const exactMatch = defineKind({
  id: "exact-match",
  label: "Exact match",
  group: "text",
  summary:
    "Checks whether the answer, or the part that a pattern picks, equals one of the expected texts, character by character.",
  params: Params,
  output: YES_NO,
  needs: ["expected"],
  open({ extract, isTrimmed }) {
    const partOf = extractPart(extract);
    const plain = (text: string) => (isTrimmed ? text.trim() : text);
    return (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const part = partOf(sample.output);
      if (part === null) return truth(false, "The pattern matches nothing in the answer.");
      return truth(expected.texts.some((text) => plain(text) === plain(part)));
    };
  },
});
