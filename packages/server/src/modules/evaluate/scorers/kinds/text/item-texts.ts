import {
  createMeteorExactStem,
  createRouge,
  normalizedMatch,
  normalizedMatchSignature,
  squadScore,
  squadSignature,
} from "@treadle/metrics";
import { z } from "zod";
import { Extract, extractPart } from "../../scoring/extract-part.ts";
import { defineKind, SHARE, scored, truth, unscored, YES_NO } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

/** Longer texts take too long: time grows with the product of their lengths. */
const MOST_CHARACTERS = 50_000;
const tooLong = `A text has more than ${MOST_CHARACTERS} characters.`;
const isLong = (texts: readonly string[]) => texts.some((text) => text.length > MOST_CHARACTERS);

const NormalParams = z.strictObject({
  extract: Extract,
  caseSensitive: z.boolean().default(false),
  punctuation: z.boolean().default(false).describe("Compares punctuation and symbols too."),
});

export const normalisedMatch = defineKind({
  id: "normalised-match",
  label: "Normalized match",
  group: "text",
  summary:
    "Checks whether the answer equals one of the expected texts, ignoring differences in case, punctuation, Unicode form and whitespace.",
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
      if (part === null) return truth(false, "The pattern matches nothing in the answer.");
      return truth(normalizedMatch(part, expected.texts, options) === true);
    };
  },
});

const SquadParams = z.strictObject({
  measure: z.enum(["f1", "exact"]).default("f1"),
  version: z.enum(["1.1", "2.0"]).default("2.0").describe("In 2.0, a question can have no answer."),
});

export const squad = defineKind({
  id: "squad",
  label: "SQuAD",
  group: "text",
  summary:
    "Word F1 or exact match, without articles and punctuation, computed like SQuAD's scripts. Uses the best expected text.",
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
  stemmer: z.boolean().default(false).describe("Compares the stems of English words."),
});

export const rouge = defineKind({
  id: "rouge",
  label: "ROUGE",
  group: "text",
  summary:
    "F-measure computed like rouge-score. Uses the best expected text. It reads ASCII letters and digits only, so it is undefined for texts in other scripts.",
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
        ? unscored("The expected text has no ASCII letters or digits, which ROUGE needs.")
        : scored(score.fMeasure);
    };
  },
});

export const meteor = defineKind({
  id: "meteor-exact-stem",
  label: "METEOR (exact and stem)",
  group: "text",
  summary:
    "METEOR without synonyms, so it cannot be compared with published METEOR scores. Words match exactly or by their Porter stem.",
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
      return score === null ? unscored("The expected text has no words.") : scored(score);
    };
  },
});
