import type { AnnotationQuestion, AnnotationValue, AnnotationValues } from "@treadle/contract";
import { standardiseByRater } from "@treadle/metrics";
import type { AnswerEvidence, Origin } from "./evidence.ts";
import type { AnsweredItem } from "./read-answered.ts";
import { correctionOf, exchangeOf, toolsOf } from "./read-content.ts";

/** A queue's questions about the answer itself: the first of each kind. */
type Asked = {
  readonly correction: Extract<AnnotationQuestion, { type: "correction" }> | undefined;
  readonly verdict: Extract<AnnotationQuestion, { type: "binary" }> | undefined;
  readonly rating: Extract<AnnotationQuestion, { type: "rating" | "rubric" }> | undefined;
};

export const askedOf = (questions: readonly AnnotationQuestion[]): Asked => ({
  correction: questions.find((one) => one.type === "correction"),
  verdict: questions.find((one) => one.type === "binary"),
  rating: questions.find((one) => one.type === "rating" || one.type === "rubric"),
});

/** Where an answer of a person to an item is from. */
export function originOf(item: AnsweredItem, voice: Voice, guidelineVersion: number): Origin {
  return {
    sourceIds: [item.itemId, ...voice.answerIds],
    annotators: [voice.annotator],
    guidelineVersion: voice.guidelineVersion,
    // A reviewer's decision remains valid under a newer guideline until it is changed.
    isGuidelineCurrent: voice.guidelineVersion === null || voice.guidelineVersion >= guidelineVersion,
    consent: true,
    createdAt: voice.createdAt.toISOString(),
    traceId: item.source.traceId,
    spanId: item.source.spanId,
    model: "",
  };
}

/** The valid answers of an item: only a reviewer's if there are any, otherwise all. */
export type Voice = {
  /** The answers on which it is based: the person's own, or those that the reviewer saw. */
  readonly answerIds: readonly string[];
  readonly annotator: string;
  readonly answers: AnnotationValues;
  readonly order: readonly string[];
  readonly guidelineVersion: number | null;
  readonly createdAt: Date;
};
export function voicesOf({ settled, answers }: AnsweredItem): readonly Voice[] {
  if (!settled) return answers.map(({ answerId, ...answer }) => ({ ...answer, answerIds: [answerId] }));
  const answerIds = answers.map(({ answerId }) => answerId);
  const { by, at } = settled;
  return [{ answerIds, annotator: by, answers: settled.answers, order: [], guidelineVersion: null, createdAt: at }];
}

/** The individual judgements in a queue. Items without an answer are skipped. */
export function evidenceOfQueue(
  items: readonly AnsweredItem[],
  { questions, guidelineVersion }: { questions: readonly AnnotationQuestion[]; guidelineVersion: number },
): AnswerEvidence[] {
  const asked = askedOf(questions);
  const answers = items.flatMap((item) => {
    const { prompt, answer, before } = exchangeOf(item.content, asked.correction?.field);
    if (item.isGold || prompt.length === 0 || answer.length === 0) return [];
    return voicesOf(item).map((voice) => ({
      prompt,
      answer,
      tools: toolsOf(item.content),
      ...said(voice.answers, asked, before),
      origin: originOf(item, voice, guidelineVersion),
    }));
  });
  return withScale(answers);
}

function said(answers: AnnotationValues, { correction, verdict, rating }: Asked, before: string) {
  const corrected = correction ? correctionOf(answers[correction.key], before) : [];
  const isGood = verdict ? answers[verdict.key] : undefined;
  const value = rating ? meanOf(answers[rating.key]) : null;
  return {
    correction: corrected.length > 0 ? corrected : null,
    isGood: typeof isGood === "boolean" ? isGood : null,
    rating: rating && value !== null ? (value - rating.min) / (rating.max - rating.min) : null,
    scaled: null,
  };
}

/** A rating, or the mean of a rubric's criteria. */
function meanOf(value: AnnotationValue | undefined): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || Array.isArray(value)) return null;
  const numbers = Object.values(value);
  return numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

/** Ratings made comparable among those who gave them. */
export function withScale(all: readonly AnswerEvidence[]): AnswerEvidence[] {
  const rated = all.filter(({ rating }) => rating !== null);
  const scaled = standardiseByRater(
    rated.map(({ rating, origin }) => ({ rater: origin.annotators[0] ?? "", value: rating ?? 0 })),
  );
  const scaleOf = new Map(rated.map((one, place) => [one, scaled[place] ?? null]));
  return all.map((one) => ({ ...one, scaled: scaleOf.get(one) ?? null }));
}
