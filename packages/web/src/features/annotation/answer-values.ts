import {
  type AnnotationField,
  type AnnotationQuestion,
  type AnnotationValue,
  type AnnotationValues,
  annotationFieldText,
  type MarkedSpan,
} from "@treadle/contract";

type Of<Type extends AnnotationQuestion["type"]> = Extract<AnnotationQuestion, { type: Type }>;

/** A place where a key answers something: a question, or one criterion of a rubric. */
export type Stop = { readonly question: AnnotationQuestion; readonly criterion?: string };

/** The questions that are asked after what was answered so far; a question that depends on one which is not asked is not asked either. */
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

/** Where the keys of answers go, in order: each question once, a rubric once for each criterion. */
export const stopsOf = (questions: readonly AnnotationQuestion[]): readonly Stop[] =>
  questions.flatMap<Stop>((question) =>
    question.type === "rubric" ? question.criteria.map(({ key }) => ({ question, criterion: key })) : [{ question }],
  );

/** What a digit answers at a stop, as a list in the order of the digits 1 to 9 and 0; empty where digits answer nothing. */
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

/** The steps of a rating, the lowest first. */
export const stepsOf = ({ min, max }: Pick<Of<"rating">, "min" | "max">): readonly number[] =>
  Array.from({ length: Math.max(0, max - min + 1) }, (_, index) => min + index);

/** The place among choices that a digit means: a step of a rating by its own number, anything else by its place. */
export function placeOfDigit(stop: Stop, digit: number): number {
  const { question } = stop;
  if ((question.type === "rating" || question.type === "rubric") && question.max <= 9) return digit - question.min;
  return (digit + 9) % 10;
}

/** The values after a digit at a stop, or undefined where it answers nothing. */
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

/** Whether choosing at this question says all there is to say to it. */
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

/** What still has to be answered before the answers can be sent, by the key of the question. */
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
      if (count < least && (question.isRequired || count > 0)) return `Choose ${least} or more.`;
      return question.max !== null && count > question.max ? `Choose ${question.max} at most.` : undefined;
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
      return question.isRequired && isEmpty ? "Mark at least one stretch of the text." : undefined;
    default:
      return question.isRequired && isEmpty ? "Still to answer." : undefined;
  }
}

/** Only what was asked and answered: values of questions that are no longer asked are left behind. */
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

/** The next place in a ranking for an option: a rank of its own, the last rank when `isTied`, and away when it stands there already. */
export function rank(ranks: readonly (readonly string[])[], key: string, isTied: boolean): string[][] {
  const rest = ranks.map((group) => group.filter((one) => one !== key)).filter((group) => group.length > 0);
  if (ranks.some((group) => group.includes(key))) return rest;
  const last = rest.at(-1);
  return isTied && last ? [...rest.slice(0, -1), [...last, key]] : [...rest, [key]];
}

/** Marks with one more; where marks may not overlap, those that it touches give way. */
export function mark(spans: readonly MarkedSpan[], next: MarkedSpan, allowsOverlap: boolean): MarkedSpan[] {
  const isSame = (one: MarkedSpan) => one.start === next.start && one.end === next.end && one.label === next.label;
  if (spans.some(isSame)) return spans.filter((one) => !isSame(one));
  const kept = allowsOverlap ? spans : spans.filter(({ start, end }) => end <= next.start || start >= next.end);
  return [...kept, next].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The stretch of a text from one place to another without the white space around it; the word there when both are one place. */
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

/** The values with the text of each field that must be corrected and was left as it is: looked at, it is right as it stands. */
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
