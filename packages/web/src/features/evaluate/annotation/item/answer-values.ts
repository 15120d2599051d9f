import {
  type AnnotationField,
  type AnnotationQuestion,
  type AnnotationValue,
  type AnnotationValues,
  annotationFieldText,
  type MarkedSpan,
} from "@treadle/contract";

type Of<Type extends AnnotationQuestion["type"]> = Extract<AnnotationQuestion, { type: Type }>;

/** A place where a key gives an answer: a question, or one criterion of a rubric. */
export type Stop = { readonly question: AnnotationQuestion; readonly criterion?: string };

/** The questions that apply to the answers so far. A question whose condition is hidden is hidden too. */
export function askedQuestions(questions: readonly AnnotationQuestion[], values: AnnotationValues) {
  const asked = new Map<string, AnnotationQuestion>();
  for (const question of questions) {
    const { dependsOn } = question;
    if (dependsOn === null || (asked.has(dependsOn.question) && isOneOf(values[dependsOn.question], dependsOn.oneOf)))
      asked.set(question.key, question);
  }
  return [...asked.values()];
}

function isOneOf(value: AnnotationValue | undefined, wanted: readonly unknown[]): boolean {
  return Array.isArray(value) ? value.some((one) => wanted.includes(one)) : wanted.includes(value);
}

/** The keyboard stops in order: one per question, and one per rubric criterion. */
export const stopsOf = (questions: readonly AnnotationQuestion[]): readonly Stop[] =>
  questions.flatMap<Stop>((question) =>
    question.type === "rubric" ? question.criteria.map(({ key }) => ({ question, criterion: key })) : [{ question }],
  );

/** The values of the digits 1 to 9 and 0 at a stop; empty if digits have no effect. */
export function choicesOf({ question }: Stop): readonly Exclude<AnnotationValue, object>[] {
  switch (question.type) {
    case "binary":
      return [true, false];
    case "label":
      return question.options.map(({ value }) => value);
    case "rating":
    case "rubric":
      return stepsOf(question);
    case "pairwise":
      return ["left", "right", ...(question.allowsTie ? ["tie"] : []), ...(question.allowsNeither ? ["neither"] : [])];
    default:
      return [];
  }
}

/** The steps of a rating, lowest first. */
export const stepsOf = ({ min, max }: Pick<Of<"rating">, "min" | "max">): readonly number[] =>
  Array.from({ length: Math.max(0, max - min + 1) }, (_, index) => min + index);

/** The option that a digit selects: a rating step by its number, other options by position. */
export function placeOfDigit(stop: Stop, digit: number): number {
  const { question } = stop;
  if ((question.type === "rating" || question.type === "rubric") && question.max <= 9) return digit - question.min;
  return (digit + 9) % 10;
}

/** The values after a digit at a stop, or undefined if it has no effect. */
export function answerDigit(stop: Stop, values: AnnotationValues, digit: number): AnnotationValues | undefined {
  const { question, criterion } = stop;
  const place = placeOfDigit(stop, digit);
  if (question.type === "multilabel") {
    const option = question.options[place]?.value;
    return option === undefined
      ? undefined
      : { ...values, [question.key]: toggle(textsOf(values[question.key]), option) };
  }
  const choice = choicesOf(stop)[place];
  if (choice === undefined) return undefined;
  if (criterion === undefined) return { ...values, [question.key]: choice };
  return typeof choice === "number"
    ? { ...values, [question.key]: { ...marksOf(values[question.key]), [criterion]: choice } }
    : undefined;
}

/** Whether one choice completes this question. */
export const isChosenAtOnce = ({ type }: AnnotationQuestion): boolean =>
  type === "binary" || type === "label" || type === "rating" || type === "pairwise" || type === "rubric";

export const toggle = (all: readonly string[], one: string): string[] =>
  all.includes(one) ? all.filter((other) => other !== one) : [...all, one];

export const textsOf = (value: AnnotationValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

export const spansOf = (value: AnnotationValue | undefined): MarkedSpan[] =>
  Array.isArray(value) ? value.filter((one): one is MarkedSpan => typeof one === "object" && "start" in one) : [];

export const ranksOf = (value: AnnotationValue | undefined): string[][] =>
  Array.isArray(value) ? value.filter((one): one is string[] => Array.isArray(one)) : [];

export const marksOf = (value: AnnotationValue | undefined): Readonly<Record<string, number>> =>
  typeof value === "object" && !Array.isArray(value) ? value : {};

/** The missing answers, by question key. */
export function missingIn(
  questions: readonly AnnotationQuestion[],
  values: AnnotationValues,
  candidates: number,
): Readonly<Record<string, string>> {
  const missing: Record<string, string> = {};
  for (const question of askedQuestions(questions, values)) {
    const reason = reasonOf(question, values[question.key], candidates);
    if (reason) missing[question.key] = reason;
  }
  return missing;
}

function reasonOf(question: AnnotationQuestion, value: AnnotationValue | undefined, candidates: number) {
  const isEmpty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  switch (question.type) {
    case "multilabel": {
      const count = textsOf(value).length;
      const least = question.isRequired ? Math.max(1, question.min) : question.min;
      if (count < least && (question.isRequired || count > 0)) return `Choose at least ${least}.`;
      return question.max !== null && count > question.max ? `Choose at most ${question.max}.` : undefined;
    }
    case "rubric": {
      const marks = marksOf(value);
      const left = question.criteria.filter(({ key }) => marks[key] === undefined).length;
      if (left === 0 || (!question.isRequired && left === question.criteria.length)) return undefined;
      return `${left} of ${question.criteria.length} still to rate.`;
    }
    case "ranking": {
      const wanted = question.options?.length ?? candidates;
      const ranked = ranksOf(value).flat().length;
      if (ranked === wanted || (!question.isRequired && ranked === 0)) return undefined;
      return `${wanted - ranked} of ${wanted} still to rank.`;
    }
    case "span":
      return question.isRequired && isEmpty ? "Mark at least one part of the text." : undefined;
    default:
      return question.isRequired && isEmpty ? "Answer required." : undefined;
  }
}

/** Only the answers to visible questions; values of hidden questions are removed. */
export function answersToSend(questions: readonly AnnotationQuestion[], values: AnnotationValues): AnnotationValues {
  const kept = askedQuestions(questions, values).flatMap(({ key }) => {
    const value = values[key];
    const isNothing =
      value === undefined ||
      value === "" ||
      (Array.isArray(value) ? value.length === 0 : typeof value === "object" && Object.keys(value).length === 0);
    return isNothing ? [] : [[key, value] as const];
  });
  return Object.fromEntries(kept);
}

/** Moves an option in a ranking: to its own rank, to the last rank if `isTied`, or out of the ranking if it is there already. */
export function rank(ranks: readonly (readonly string[])[], key: string, isTied: boolean): string[][] {
  const rest = ranks.map((group) => group.filter((one) => one !== key)).filter((group) => group.length > 0);
  if (ranks.some((group) => group.includes(key))) return rest;
  const last = rest.at(-1);
  return isTied && last ? [...rest.slice(0, -1), [...last, key]] : [...rest, [key]];
}

/** Adds a mark. If marks may not overlap, overlapping marks are removed. */
export function mark(spans: readonly MarkedSpan[], next: MarkedSpan, allowsOverlap: boolean): MarkedSpan[] {
  const isSame = (one: MarkedSpan) => one.start === next.start && one.end === next.end && one.label === next.label;
  if (spans.some(isSame)) return spans.filter((one) => !isSame(one));
  const kept = allowsOverlap ? spans : spans.filter(({ start, end }) => end <= next.start || start >= next.end);
  return [...kept, next].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The selected text range without surrounding white space; the whole word if the range is empty. */
export function stretchAt(text: string, from: number, to: number): { start: number; end: number } | undefined {
  let [start, end] = from <= to ? [from, to] : [to, from];
  if (start === end) {
    while (start > 0 && /[^\s]/.test(text[start - 1] ?? "")) start -= 1;
    while (end < text.length && /[^\s]/.test(text[end] ?? "")) end += 1;
  }
  while (start < end && /\s/.test(text[start] ?? "")) start += 1;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end -= 1;
  return end > start ? { start, end } : undefined;
}

/** Fills unchanged correction fields with the original text, since the annotator accepted it. */
export function withUncorrected(
  questions: readonly AnnotationQuestion[],
  fields: readonly AnnotationField[],
  values: AnnotationValues,
): AnnotationValues {
  const left = questions.flatMap((question) => {
    if (question.type !== "correction" || !question.isRequired || values[question.key] !== undefined) return [];
    const field = fields.find(({ key }) => key === question.field);
    return field ? [[question.key, annotationFieldText(field)] as const] : [];
  });
  return { ...Object.fromEntries(left), ...values };
}
