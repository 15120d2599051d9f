import type { AnnotationQuestion, AnnotationValue, AnnotationValues, QuestionAgreement } from "@treadle/contract";

/** A separately measured unit: a question, or one criterion of a rubric. */
export type Measure = {
  readonly question: string;
  readonly title: string;
  readonly scale: QuestionAgreement["scale"];
  /** The label of an answer. Null if it is empty. Equal answers have equal labels. */
  labelOf(values: AnnotationValues): string | number | null;
};

/** The measurable questions; texts are not. Marks have no label: they are compared by common characters. */
export const measuresOf = (questions: readonly AnnotationQuestion[]): Measure[] =>
  questions.flatMap((question) => (question.type === "rubric" ? ofRubric(question) : [ofQuestion(question)]));

const ofRubric = ({ key, criteria }: Extract<AnnotationQuestion, { type: "rubric" }>): Measure[] =>
  criteria.map((criterion) => ({
    question: `${key}.${criterion.key}`,
    title: criterion.title,
    scale: "ordinal",
    labelOf: (values) => {
      const value = values[key];
      return typeof value === "object" && !Array.isArray(value) ? (value[criterion.key] ?? null) : null;
    },
  }));

function ofQuestion({ key, title, type }: AnnotationQuestion): Measure {
  if (type === "span") return { question: key, title, scale: "marks", labelOf: () => null };
  const isText = type === "text" || type === "correction";
  const scale = isText ? "none" : type === "rating" ? "ordinal" : "nominal";
  return { question: key, title, scale, labelOf: (values) => labelOf(values[key]) };
}

function labelOf(value: AnnotationValue | undefined): string | number | null {
  if (value === undefined) return null;
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (!Array.isArray(value)) return JSON.stringify(value);
  const isRanking = value.some(Array.isArray);
  return JSON.stringify(
    isRanking ? value.map((group) => (Array.isArray(group) ? group.toSorted() : group)) : value.map(String).sort(),
  );
}
