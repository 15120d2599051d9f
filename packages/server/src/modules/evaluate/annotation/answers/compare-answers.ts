import type { AnnotationQuestion, AnnotationValue, AnnotationValues } from "@treadle/contract";
import { markF1 } from "@treadle/metrics";
import { isMarks } from "./check-marks.ts";

/**
 * The similarity of two answers to a question, from 0 to 1. Equal or not for binary, label and pairwise (a tie is half
 * of each side). For numbers, their distance over the scale. For sets, Jaccard. For marks, the F1 of marked characters
 * by label. For rankings, the share of pairs in the same order. Null for texts.
 */
export function likeness(question: AnnotationQuestion, one: AnnotationValue, other: AnnotationValue): number | null {
  switch (question.type) {
    case "binary":
    case "label":
      return one === other ? 1 : 0;
    case "pairwise":
      if (one === other) return 1;
      return one === "tie" || other === "tie" ? 0.5 : 0;
    case "rating":
      return 1 - Math.abs(Number(one) - Number(other)) / (question.max - question.min);
    case "multilabel":
      return jaccard(asSet(one), asSet(other));
    case "rubric": {
      const span = question.max - question.min;
      const near = question.criteria.map(({ key }) => 1 - Math.abs(stepOf(one, key) - stepOf(other, key)) / span);
      return mean(near);
    }
    case "ranking":
      return sameOrder(one, other);
    case "span":
      return isMarks(one) && isMarks(other) ? markF1(one, other) : 0;
    case "text":
    case "correction":
      return null;
    default:
      return question satisfies never;
  }
}

/**
 * The agreement of the question that people agree on least: the mean likeness over all pairs of people. Null when no question
 * that can be compared was answered by two.
 */
export function leastAgreement(
  questions: readonly AnnotationQuestion[],
  answers: readonly AnnotationValues[],
): number | null {
  const agreements = questions.flatMap((question) => {
    const given = answers.map((values) => values[question.key]).filter((value) => value !== undefined);
    const alike = given.flatMap((one, at) => given.slice(at + 1).map((other) => likeness(question, one, other)));
    const known = alike.filter((value) => value !== null);
    return known.length === 0 ? [] : [mean(known)];
  });
  return agreements.length === 0 ? null : Math.min(...agreements);
}

/** Whether an answer is right, within a tolerance for numbers. Null if undecidable, for example for texts. */
export function isRight(
  question: AnnotationQuestion,
  { given, gold, tolerance }: { given: AnnotationValue; gold: AnnotationValue; tolerance: number },
): boolean | null {
  if (question.type === "rating") return Math.abs(Number(given) - Number(gold)) <= tolerance;
  if (question.type === "rubric")
    return question.criteria.every(({ key }) => Math.abs(stepOf(given, key) - stepOf(gold, key)) <= tolerance);
  const alike = likeness(question, given, gold);
  return alike === null ? null : alike >= (question.type === "span" ? MARKS_ALIKE : 1);
}

/** The minimum overlap of equal marks, because people set the ends differently. */
const MARKS_ALIKE = 0.8;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const asSet = (value: AnnotationValue) => new Set(Array.isArray(value) ? value.map(String) : []);
const stepOf = (value: AnnotationValue, key: string) =>
  typeof value === "object" && !Array.isArray(value) ? (value[key] ?? 0) : 0;

function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((value) => other.has(value)).length;
  const all = one.size + other.size - shared;
  return all === 0 ? 1 : shared / all;
}

/** Each thing's rank, things of one group having the same. */
function ranksOf(value: AnnotationValue): ReadonlyMap<string, number> {
  const groups = Array.isArray(value) ? value : [];
  return new Map(
    groups.flatMap((group, at) => (Array.isArray(group) ? group.map((one) => [String(one), at] as const) : [])),
  );
}

function sameOrder(one: AnnotationValue, other: AnnotationValue): number {
  const [mine, theirs] = [ranksOf(one), ranksOf(other)];
  const names = [...mine.keys()].filter((name) => theirs.has(name));
  const pairs = names.flatMap((name, at) => names.slice(at + 1).map((second) => [name, second] as const));
  if (pairs.length === 0) return 1;
  const side = (ranks: ReadonlyMap<string, number>, [a, b]: readonly [string, string]) =>
    Math.sign((ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  return pairs.filter((pair) => side(mine, pair) === side(theirs, pair)).length / pairs.length;
}
