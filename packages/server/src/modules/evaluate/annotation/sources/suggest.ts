import type { AnnotationQuestion, AnnotationSuggestion, AnnotationValue } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";

type Scored = {
  readonly name: string;
  readonly value: number | null;
  readonly label: string | null;
  readonly reason: string;
};
type Suggests = Readonly<Record<string, string>>;

const PASS = 0.5;

/** Throws `invalid_request` for a question that no score can answer. */
export function checkSuggests(questions: readonly AnnotationQuestion[], suggests: Suggests): void {
  for (const key of Object.keys(suggests)) {
    const question = questions.find((one) => one.key === key);
    const why = !question
      ? `there is no question "${key}".`
      : ["binary", "label", "rating"].includes(question.type)
        ? null
        : `a score cannot pre-fill a question of the type ${question.type}, only binary, label and rating questions.`;
    if (why)
      throw new AppError("invalid_request", {
        message: `\`suggest.${key}\`: ${why}`,
        details: { field: `suggest.${key}` },
      });
  }
}

/** The answer that scores suggest; the newest of each name counts. Null if no score fits the question. */
export function suggestionOf(
  questions: readonly AnnotationQuestion[],
  suggests: Suggests,
  scores: readonly Scored[],
): AnnotationSuggestion | null {
  const suggestions = Object.entries(suggests).flatMap(([key, name]) => {
    const question = questions.find((one) => one.key === key);
    const score = scores.findLast((one) => one.name === name);
    const value = question && score ? answerOf(question, score) : null;
    return value === null || !score ? [] : [{ key, value, name, reason: score.reason }];
  });
  if (suggestions.length === 0) return null;
  return {
    agent: [...new Set(suggestions.map(({ name }) => name))].join(", ").slice(0, 200),
    answers: Object.fromEntries(suggestions.map(({ key, value }) => [key, value])),
    score: null,
    reason: suggestions
      .map(({ reason }) => reason)
      .filter((text) => text !== "")
      .join("\n")
      .slice(0, 20_000),
  };
}

function answerOf(question: AnnotationQuestion, { value, label }: Scored): AnnotationValue | null {
  if (question.type === "binary") return value === null ? null : value >= PASS;
  if (question.type === "label") return question.options.some((option) => option.value === label) ? label : null;
  if (question.type !== "rating" || value === null) return null;
  const step = Math.round(value);
  return step >= question.min && step <= question.max ? step : null;
}
