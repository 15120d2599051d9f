import { AnnotationQuestion } from "@treadle/contract";
import { messageOf } from "./question-problem.ts";

export type QuestionType = AnnotationQuestion["type"];
export const TYPE_WORDS: Readonly<Record<QuestionType, string>> = {
  binary: "Yes or no",
  label: "One label",
  multilabel: "Several labels",
  rating: "Rating",
  text: "Text",
  span: "Mark text",
  ranking: "Ranking",
  pairwise: "Pairwise comparison",
  correction: "Text correction",
  rubric: "Rubric",
};
export const QUESTION_TYPES = Object.keys(TYPE_WORDS) as readonly QuestionType[];

/** A question as it is edited: lists are lines of text. */
export type QuestionDraft = {
  readonly id: string;
  readonly type: QuestionType;
  readonly title: string;
  readonly key: string;
  readonly help: string;
  readonly isRequired: boolean;
  /** Options or criteria, one per line; `value: label` sets both. */
  readonly lines: string;
  readonly min: number;
  readonly max: number;
  readonly field: string;
};

export const newQuestion = (id: string, type: QuestionType = "binary", title = ""): QuestionDraft => ({
  id,
  type,
  title,
  key: "",
  help: "",
  isRequired: true,
  lines: "",
  min: 1,
  max: 5,
  field: "output",
});

/** The answer key of a title, such as `is_it_right`, with a number if the key exists. */
export function keyOf(title: string, taken: readonly string[]): string {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  const key = (/^[a-z]/.test(words) ? words : `q_${words}`).slice(0, 40).replace(/_+$/, "");
  for (let number = 1; ; number += 1) {
    const one = number === 1 ? key : `${key}_${number}`;
    if (!taken.includes(one)) return one;
  }
}

const optionsOf = (lines: string) =>
  lines
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [value = "", ...label] = line.split(/:\s+/);
      return { value, label: label.join(": ") };
    });

/** The draft as an API request, or its error. */
export function readQuestion(
  draft: QuestionDraft,
  taken: readonly string[],
): { question: AnnotationQuestion } | { problem: string } {
  const { type, title, help, isRequired, lines, min, max, field } = draft;
  const base = { type, title, help, isRequired, key: draft.key || keyOf(title || type, taken) };
  const options = optionsOf(lines);
  const own = {
    binary: {},
    label: { options },
    multilabel: { options },
    rating: { min, max },
    text: {},
    pairwise: {},
    span: { field, options },
    correction: { field },
    ranking: { options: options.length > 0 ? options : null },
    rubric: { min, max, criteria: options.map(criterionOf) },
  }[type];
  const result = AnnotationQuestion.safeParse({ ...base, ...own });
  if (result.success) {
    if (result.data.type === "rating" && min >= max) return { problem: "The highest step must be above the lowest." };
    return { question: result.data };
  }
  return { problem: messageOf(result.error.issues[0], type) };
}

function criterionOf(
  { value, label }: { value: string; label: string },
  index: number,
  all: readonly { value: string }[],
) {
  const taken = all.slice(0, index).map((one) => keyOf(one.value, []));
  return { key: keyOf(value, taken), title: label || value };
}

/** An existing question as a draft. */
export function draftOf(question: AnnotationQuestion): QuestionDraft {
  const { type, key, title, help, isRequired } = question;
  const lineOf = ({ value, label }: { value: string; label: string }) => (label ? `${value}: ${label}` : value);
  const options = "options" in question ? (question.options ?? []).map(lineOf) : [];
  const criteria =
    "criteria" in question ? question.criteria.map((one) => lineOf({ value: one.key, label: one.title })) : [];
  return {
    id: key,
    type,
    key,
    title,
    help,
    isRequired,
    lines: [...options, ...criteria].join("\n"),
    ...("min" in question && type !== "multilabel"
      ? { min: question.min, max: question.max ?? 5 }
      : { min: 1, max: 5 }),
    field: "field" in question ? question.field : "output",
  };
}

/** Templates for questions. */
export const TEMPLATES: readonly { name: string; about: string; questions: (id: () => string) => QuestionDraft[] }[] = [
  {
    name: "Right or wrong",
    about: "One key per answer. Good for calibrating a judge.",
    questions: (id) => [newQuestion(id(), "binary", "Is the answer right?")],
  },
  {
    name: "Rate and correct",
    about: "A rating, and a corrected answer where needed. Good for training data.",
    questions: (id) => [
      newQuestion(id(), "rating", "How good is the answer?"),
      { ...newQuestion(id(), "correction", "Correct the answer"), isRequired: false },
    ],
  },
  {
    name: "Pairwise comparison",
    about: "Two answers side by side without model names. Good for preferences.",
    questions: (id) => [newQuestion(id(), "pairwise", "Which answer is better?")],
  },
  {
    name: "Label",
    about: "One of several labels. Good for classification.",
    questions: (id) => [{ ...newQuestion(id(), "label", "What is it about?"), lines: "billing\ndelivery\nother" }],
  },
];
