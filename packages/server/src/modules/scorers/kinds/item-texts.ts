import {
  createMeteorExactStem,
  createRouge,
  normalizedMatch,
  normalizedMatchSignature,
  squadScore,
  squadSignature,
} from "@treadle/metrics";
import { z } from "zod";
import { Extract, extractPart } from "../extract-part.ts";
import { expectedTexts } from "../read-sample.ts";
import { defineKind, SHARE, scored, truth, unscored, YES_NO } from "./kind.ts";

/** Longer texts take too long: time grows with the product of their lengths. */
const MOST_CHARACTERS = 50_000;
const tooLong = `A text has more than ${MOST_CHARACTERS} characters.`;
const isLong = (texts: readonly string[]) => texts.some((text) => text.length > MOST_CHARACTERS);

const NormalParams = z.strictObject({
  extract: Extract,
  caseSensitive: z.boolean().default(false),
  punctuation: z.boolean().default(false).describe("Punctuation and symbols count."),
});

export const normalisedMatch = defineKind({
  id: "normalised-match",
  label: "Normalised match",
  group: "text",
  summary:
    "Whether the answer is one of the expected texts once case, punctuation, Unicode forms and runs of blanks are evened out.",
  params: NormalParams,
  output: YES_NO,
  needs: ["expected"],
  signature: ({ extract, ...options }) => `normalised-match|extract:${extract}|${normalizedMatchSignature(options)}`,
  open({ extract, ...options }) {
    const partOf = extractPart(extract);
    return (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const part = partOf(sample.output);
      if (part === null) return truth(false, "The pattern finds nothing in the answer.");
      return truth(normalizedMatch(part, expected.texts, options) === true);
    };
  },
});

const SquadParams = z.strictObject({
  measure: z.enum(["f1", "exact"]).default("f1"),
  version: z.enum(["1.1", "2.0"]).default("2.0").describe("In 2.0 no answer can be the right one."),
});

export const squad = defineKind({
  id: "squad",
  label: "SQuAD",
  group: "text",
  summary:
    "F1 of words, or exact match, without articles and punctuation, as SQuAD's scripts compute them: the best over the expected texts.",
  params: SquadParams,
  output: SHARE,
  needs: ["expected"],
  signature: ({ measure, version }) => `squad|measure:${measure}|${squadSignature(version)}`,
  open:
    ({ measure, version }) =>
    (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      const score = squadScore(sample.output, expected.texts, version);
      if (score === null) return unscored("There is no expected text.");
      return scored(measure === "f1" ? score.f1 : score.exactMatch);
    },
});

const RougeParams = z.strictObject({
  variant: z.enum(["rouge1", "rouge2", "rougeL", "rougeLsum"]).default("rougeL"),
  stemmer: z.boolean().default(false).describe("Compares stems of English words."),
});

export const rouge = defineKind({
  id: "rouge",
  label: "ROUGE",
  group: "text",
  summary:
    "F-measure as rouge-score computes it: the best over the expected texts. It reads ASCII letters and digits only, so that it is undefined for texts of other scripts.",
  params: RougeParams,
  output: SHARE,
  needs: ["expected"],
  signature: ({ variant, ...options }) => `rouge|${createRouge(variant, options).signature("var")}`,
  open({ variant, ...options }) {
    const metric = createRouge(variant, options);
    return (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      if (isLong([sample.output, ...expected.texts])) return unscored(tooLong);
      const score = metric.score(sample.output, expected.texts);
      return score === null
        ? unscored("ROUGE finds no ASCII letter or digit in what is expected.")
        : scored(score.fMeasure);
    };
  },
});

export const meteor = defineKind({
  id: "meteor-exact-stem",
  label: "METEOR (exact and stem)",
  group: "text",
  summary:
    "METEOR without synonyms, and so not comparable with published METEOR: words match exactly or by their Porter stem.",
  params: z.strictObject({}),
  output: SHARE,
  needs: ["expected"],
  signature: () => `meteor-exact-stem|${createMeteorExactStem().signature("var")}`,
  open() {
    const metric = createMeteorExactStem();
    return (sample) => {
      const expected = expectedTexts(sample);
      if ("reason" in expected) return unscored(expected.reason);
      if (isLong([sample.output, ...expected.texts])) return unscored(tooLong);
      const score = metric.score(sample.output, expected.texts);
      return score === null ? unscored("What is expected has no word.") : scored(score);
    };
  },
});
