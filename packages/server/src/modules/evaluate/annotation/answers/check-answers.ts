import {
  type AnnotationContent,
  type AnnotationQuestion,
  type AnnotationValue,
  type AnnotationValues,
  annotationFieldText,
} from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { canAsk } from "../queues/questions.ts";
import { checkMarks, isMarks } from "./check-marks.ts";

type Of<T extends AnnotationQuestion["type"]> = Extract<AnnotationQuestion, { type: T }>;
/** The candidates' names in these answers: `left` and `right` on the screen, or their ids. */
export type Answered = {
  readonly content: AnnotationContent;
  readonly candidates: readonly string[];
  /** Whether answers may be missing, as in a suggestion. */
  readonly isPartial?: boolean;
};

const wrong = (key: string, why: string) =>
  new AppError("invalid_request", { message: `\`answers.${key}\`: ${why}`, details: { field: `answers.${key}` } });

/**
 * Throws `invalid_request`, with the question and its valid answers, for answers that do not fit: a missing answer, an
 * unknown question, or a wrong type.
 */
export function checkAnswers(
  questions: readonly AnnotationQuestion[],
  values: AnnotationValues,
  answered: Answered,
): void {
  const keys = new Set(questions.map(({ key }) => key));
  const unknown = Object.keys(values).find((key) => !keys.has(key));
  if (unknown !== undefined)
    throw wrong(unknown, `there is no such question. Available questions: ${[...keys].join(", ")}.`);
  for (const question of questions) {
    const value = values[question.key];
    const isAsked = canAsk(question, answered.content) && isReached(question, values);
    if (value === undefined) {
      if (isAsked && question.isRequired && !answered.isPartial)
        throw wrong(question.key, `"${question.title}" needs an answer.`);
      continue;
    }
    if (!isAsked && !answered.isPartial) throw wrong(question.key, "this question does not apply here. Leave it out.");
    const why = whyUnfit(question, value, answered);
    if (why !== null) throw wrong(question.key, why);
  }
}

function isReached({ dependsOn }: AnnotationQuestion, values: AnnotationValues): boolean {
  if (dependsOn === null) return true;
  const given = values[dependsOn.question];
  const all = Array.isArray(given) ? given.flat() : [given];
  return dependsOn.oneOf.some((wanted) => all.some((one) => one === wanted));
}

/** Why a value is not a valid answer to a question. Null if it is valid. */
function whyUnfit(question: AnnotationQuestion, value: AnnotationValue, answered: Answered): string | null {
  switch (question.type) {
    case "binary":
      return typeof value === "boolean" ? null : "must be true or false.";
    case "label":
      return isOption(question.options, value) ? null : `must be one of ${listed(question.options)}.`;
    case "multilabel":
      return whyNotMany(question, value);
    case "rating":
      return isStep(value, question) ? null : `must be a whole number from ${question.min} to ${question.max}.`;
    case "text":
      return whyNoText(value, question.maxLength, question.isRequired);
    case "correction":
      return whyNoText(value, MOST_CORRECTED, false);
    case "span":
      return whyNoMarks(question, value, answered.content);
    case "ranking":
      return whyNoRanking(question, value, answered.candidates);
    case "pairwise":
      return whyNoSide(question, value, answered.candidates);
    case "rubric":
      return whyNoRubric(question, value);
    default:
      return question satisfies never;
  }
}

const MOST_CORRECTED = 1_000_000;
const SHOWN = 12;
type Options = readonly { readonly value: string }[];

const isOption = (options: Options, value: unknown) => options.some((option) => option.value === value);
const listed = (options: Options) =>
  options
    .slice(0, SHOWN)
    .map(({ value }) => `"${value}"`)
    .join(", ") + (options.length > SHOWN ? " …" : "");
const isStep = (value: unknown, { min, max }: { min: number; max: number }) =>
  typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;

function whyNotMany({ options, min, max }: Of<"multilabel">, value: AnnotationValue): string | null {
  if (!Array.isArray(value) || !value.every((one) => isOption(options, one)))
    return `must be a list of ${listed(options)}.`;
  if (new Set(value.map(String)).size !== value.length) return "names an option twice.";
  if (value.length < min) return `needs at least ${min} options.`;
  return value.length > (max ?? options.length) ? `accepts at most ${max} options.` : null;
}

function whyNoText(value: AnnotationValue, most: number, isRequired: boolean): string | null {
  if (typeof value !== "string") return "must be text.";
  if (isRequired && value.trim() === "") return "must not be empty.";
  return value.length > most ? `has ${countOf(value.length, "character")}; at most ${most} are allowed.` : null;
}

function whyNoMarks(question: Of<"span">, value: AnnotationValue, { fields }: AnnotationContent): string | null {
  const field = fields.find(({ key }) => key === question.field);
  if (!field) return `the item has no field "${question.field}".`;
  if (!isMarks(value)) return "must be a list of { start, end, label }.";
  return checkMarks(value, { ...question, length: annotationFieldText(field).length });
}

function whyNoRanking(question: Of<"ranking">, value: AnnotationValue, candidates: readonly string[]): string | null {
  const wanted = question.options?.map((option) => option.value) ?? candidates;
  const groups = Array.isArray(value) && value.every(Array.isArray) ? value : null;
  if (!groups) return 'must be groups of equal rank, the best first, such as [["a"],["b","c"]].';
  const named = groups.flat().map(String);
  if (
    named.length !== wanted.length ||
    new Set(named).size !== named.length ||
    !named.every((one) => wanted.includes(one))
  )
    return `must rank each of ${wanted.map((one) => `"${one}"`).join(", ")} once.`;
  if (groups.some((group) => group.length === 0)) return "has an empty group.";
  return !question.allowsTies && groups.length !== wanted.length ? "must not give two items the same rank." : null;
}

function whyNoSide(question: Of<"pairwise">, value: AnnotationValue, candidates: readonly string[]): string | null {
  const options = [
    ...candidates,
    ...(question.allowsTie ? ["tie"] : []),
    ...(question.allowsNeither ? ["neither"] : []),
  ];
  return options.some((one) => one === value) ? null : `must be one of ${options.map((one) => `"${one}"`).join(", ")}.`;
}

function whyNoRubric(question: Of<"rubric">, value: AnnotationValue): string | null {
  const steps = `must give each of ${question.criteria.map(({ key }) => `"${key}"`).join(", ")} a whole number from ${question.min} to ${question.max}.`;
  if (typeof value !== "object" || Array.isArray(value)) return steps;
  const given = Object.entries(value);
  const isWhole = question.criteria.every(({ key }) => isStep(value[key], question));
  return isWhole && given.length === question.criteria.length ? null : steps;
}
