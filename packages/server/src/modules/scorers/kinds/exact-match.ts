import { z } from "zod";
import { Extract, extractPart } from "../extract-part.ts";
import { expectedTexts } from "../read-sample.ts";
import { defineKind, truth, unscored, YES_NO } from "./kind.ts";

const Params = z.strictObject({
  extract: Extract,
  isTrimmed: z.boolean().default(true).describe("Blanks at both ends do not count."),
});

export const exactMatch = defineKind({
  id: "exact-match",
  label: "Exact match",
  group: "text",
  summary:
    "Whether the answer, or the part of it that a pattern finds, is one of the expected texts, character by character.",
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
      if (part === null) return truth(false, "The pattern finds nothing in the answer.");
      return truth(expected.texts.some((text) => plain(text) === plain(part)));
    };
  },
});
