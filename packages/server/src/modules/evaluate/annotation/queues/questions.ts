import type { AnnotationContent, AnnotationQuestion } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";

const wrong = (field: string, why: string) =>
  new AppError("invalid_request", { message: `\`${field}\`: ${why}`, details: { field } });

/** Throws `invalid_request` for questions that contradict themselves or each other. */
export function checkQuestions(questions: readonly AnnotationQuestion[]): void {
  const before = new Set<string>();
  for (const [at, question] of questions.entries()) {
    const field = `questions.${at}`;
    const { key, dependsOn } = question;
    if (before.has(key))
      throw wrong(`${field}.key`, `there are two questions "${key}". Give each question a unique key.`);
    if (dependsOn !== null && !before.has(dependsOn.question))
      throw wrong(`${field}.dependsOn`, `"${dependsOn.question}" is not an earlier question.`);
    checkBounds(question, field);
    before.add(key);
  }
}

function checkBounds(question: AnnotationQuestion, field: string): void {
  if ((question.type === "rating" || question.type === "rubric") && question.min >= question.max)
    throw wrong(`${field}.max`, `must be greater than \`min\`, which is ${question.min}.`);
  if (question.type !== "multilabel") return;
  const { min, max, options } = question;
  if (min > (max ?? options.length)) throw wrong(`${field}.min`, "requires more options than may be chosen.");
}

/** Whether a question can be asked of a content: it may want candidates, or a field. */
export function canAsk(question: AnnotationQuestion, { fields, candidates }: AnnotationContent): boolean {
  if (question.type === "pairwise") return candidates.length === 2;
  if (question.type === "ranking") return question.options !== null || candidates.length >= 2;
  if (question.type === "span" || question.type === "correction")
    return fields.some(({ key }) => key === question.field);
  return true;
}

/** Why nothing of the kind can be asked of a content; null when at least one question can. */
export function whyNothingToAsk(questions: readonly AnnotationQuestion[], content: AnnotationContent): string | null {
  if (content.fields.length === 0 && content.candidates.length === 0) return "it shows no fields";
  if (questions.some((question) => canAsk(question, content))) return null;
  if (questions.some(({ type }) => type === "pairwise"))
    return "the queue compares two candidates, but the item does not have two";
  if (questions.some(({ type }) => type === "ranking"))
    return "the queue ranks candidates, but the item does not have two";
  return "none of the queue's questions is about a field that the item has";
}
