import { z } from "zod";
import { defineKind, truth, unscored, YES_NO } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  tolerance: z
    .number()
    .min(0)
    .max(1e12)
    .default(1e-6)
    .describe("Maximum difference between two numbers that count as equal."),
});

const MOST_CHARACTERS = 200_000;
const NUMBER = /[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?/g;

export const numberMatch = defineKind({
  id: "number-match",
  label: "Last number",
  group: "text",
  summary:
    "Checks whether the last number of the answer equals the last number of an expected text, as in arithmetic benchmarks. Commas separate thousands.",
  params: Params,
  output: YES_NO,
  needs: ["expected"],
  open:
    ({ tolerance }) =>
    (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const wanted = expected.texts.flatMap((text) => lastNumber(text) ?? []);
      if (wanted.length === 0) return unscored("The expected answer contains no number.");
      const found = lastNumber(sample.output);
      if (found === null) return truth(false, "The answer contains no number.");
      return truth(
        wanted.some((number) => Math.abs(number - found) <= tolerance),
        `The last number of the answer is ${found}.`,
      );
    },
});

function lastNumber(text: string): number | null {
  const [found] = text
    .slice(-MOST_CHARACTERS)
    .matchAll(NUMBER)
    .reduce<string[]>((_, match) => [match[0]], []);
  return found === undefined ? null : Number(found.replaceAll(",", "").replace("−", "-"));
}
