import type { Judged } from "@treadle/contract";
import {
  accuracy,
  balancedAccuracy,
  confusionOf,
  fScore,
  krippendorffAlpha,
  labelScores,
  matthews,
} from "@treadle/metrics";
import { z } from "zod";
import { Extract, extractPart } from "../../scoring/extract-part.ts";
import { defineKind, truth, unscored, YES_NO } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  labels: z
    .array(z.string().trim().min(1).max(300))
    .max(2_000)
    .default([])
    .describe("The classes. Leave it empty to use the whole answer as the class."),
  extract: Extract,
  isFound: z
    .boolean()
    .default(true)
    .describe(
      "Looks for a class anywhere in the answer when the whole answer is not a class. The answer may contain only one.",
    ),
});

/** The label of an answer that names no class. */
export const NO_CLASS = "(none)";

/** A class is named early or late, not in the middle of a book. */
const MOST_CHARACTERS = 20_000;
const AROUND = new Set([...` "'\`*.:,!`]);

/** Case, blanks, hyphens and underscores even, and what stands around it gone. */
function plain(text: string): string {
  const even = text
    .slice(0, MOST_CHARACTERS)
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, " ");
  let [from, to] = [0, even.length];
  while (from < to && AROUND.has(even[from] ?? "")) from++;
  while (to > from && AROUND.has(even[to - 1] ?? "")) to--;
  return even.slice(from, to);
}

export const labelMatch = defineKind({
  id: "label-match",
  label: "Class",
  group: "classification",
  summary:
    "Checks whether the answer names the expected class, ignoring case, whitespace, hyphens and underscores. For a whole run, it reports accuracy with F1, Matthews correlation and the confusion matrix.",
  params: Params,
  output: { ...YES_NO, type: "label" },
  needs: ["expected"],
  describe: (_params, judged) => describeLabels(judged),
  open({ labels, extract, isFound }) {
    const partOf = extractPart(extract);
    const known = new Map(labels.map((label) => [plain(label), label]));
    // The longest first, so that a class within another's name is not taken for it.
    const byLength = [...known.keys()].sort((a, b) => b.length - a.length);

    function classOf(output: string): string {
      const text = plain(partOf(output) ?? "");
      if (known.size === 0) return text === "" ? NO_CLASS : text;
      const whole = known.get(text);
      if (whole !== undefined || !isFound) return whole ?? NO_CLASS;
      const label = findIn(text, byLength);
      return label.length === 1 ? (known.get(label[0] ?? "") ?? NO_CLASS) : NO_CLASS;
    }
    return (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const [first = ""] = expected.texts;
      const wanted = known.size === 0 ? plain(first) : known.get(plain(first));
      if (wanted === undefined)
        return unscored(`The expected class "${first.slice(0, 80)}" is not one of the classes.`);
      const named = classOf(sample.output);
      const isRight = expected.texts.some((text) => plain(text) === plain(named));
      return truth(isRight, isRight ? "" : `Expected ${wanted}.`, { label: named, details: { expectedLabel: wanted } });
    };
  },
});

/** The classes that occur in a text as whole words. Where several match, the longest counts. */
function findIn(text: string, byLength: readonly string[]): string[] {
  let rest = ` ${text.replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
  const labels: string[] = [];
  for (const label of byLength) {
    const words = ` ${label.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
    if (words.trim() === "" || !rest.includes(words)) continue;
    labels.push(label);
    rest = rest.replaceAll(words, " | ");
  }
  return labels;
}

function describeLabels(judged: readonly Judged[]) {
  const pairs = judged.map(({ label, details }) => [String(details?.expectedLabel ?? ""), label ?? NO_CLASS] as const);
  const actual = pairs.map(([expected]) => expected);
  const predicted = pairs.map(([, named]) => named);
  const confusion = confusionOf({ actual, predicted });
  return {
    labels: confusion.labels,
    confusion: confusion.counts,
    perLabel: labelScores(confusion),
    accuracy: accuracy(confusion).value,
    balancedAccuracy: balancedAccuracy(confusion).value,
    macroF1: fScore(confusion, { average: "macro" }).value,
    matthews: matthews(confusion).value,
    krippendorffAlpha: krippendorffAlpha(pairs, { level: "nominal" }).value,
  };
}
