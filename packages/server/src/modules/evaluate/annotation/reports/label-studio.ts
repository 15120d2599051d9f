import {
  type AnnotationItem,
  type AnnotationQuestion,
  type AnnotationValue,
  type AnnotationValues,
  annotationFieldText,
} from "@treadle/contract";

type Result = { from_name: string; to_name: string; type: string; value: Readonly<Record<string, unknown>> };

const MS = 1_000;

/**
 * An item as a Label Studio task: its content under `data`, an annotation for each answer that counts, one more with
 * `ground_truth` for a reviewer's decision, and a prediction for a judge's suggestion.
 */
export function toTask(questions: readonly AnnotationQuestion[], item: AnnotationItem) {
  const fields = [
    ...item.content.fields.map((field) => [field.key, annotationFieldText(field)] as const),
    ...item.content.candidates.map(
      ({ id, fields: own }) => [`candidate_${id}`, own.map(annotationFieldText).join("\n")] as const,
    ),
  ];
  const first = fields[0]?.[0] ?? "text";
  const resultsOf = (values: AnnotationValues) => toResults(questions, values, first);
  const [settled] = item.adjudications;
  return {
    id: item.itemId,
    data: Object.fromEntries(fields),
    meta: { ...item.metadata, source: item.source.key, status: item.status },
    annotations: [
      ...item.answers
        .filter(({ isCurrent, status }) => isCurrent && (status === "submitted" || status === "discarded"))
        .map(({ answerId, annotator, status, answers, msActive, createdAt }) => ({
          id: answerId,
          completed_by: annotator.name,
          result: resultsOf(answers),
          was_cancelled: status === "discarded",
          ground_truth: false,
          lead_time: msActive / MS,
          created_at: createdAt,
        })),
      ...(settled
        ? [
            {
              id: `${item.itemId}-${settled.version}`,
              completed_by: settled.by.name,
              result: resultsOf(settled.answers),
              was_cancelled: false,
              ground_truth: true,
              lead_time: 0,
              created_at: settled.createdAt,
            },
          ]
        : []),
    ],
    predictions: item.suggestion
      ? [
          {
            model_version: item.suggestion.agent,
            score: item.suggestion.score,
            result: resultsOf(item.suggestion.answers),
          },
        ]
      : [],
  };
}

const toResults = (questions: readonly AnnotationQuestion[], values: AnnotationValues, first: string): Result[] =>
  questions.flatMap((question) => {
    const value = values[question.key];
    return value === undefined ? [] : ofQuestion(question, value, first);
  });

function ofQuestion(question: AnnotationQuestion, value: AnnotationValue, first: string): Result[] {
  const of = (type: string, given: Readonly<Record<string, unknown>>, to = first): Result => ({
    from_name: question.key,
    to_name: to,
    type,
    value: given,
  });
  switch (question.type) {
    case "binary":
      return [of("choices", { choices: [value === true ? question.yes : question.no] })];
    case "label":
    case "pairwise":
      return [of("choices", { choices: [value] })];
    case "multilabel":
      return [of("choices", { choices: value })];
    case "rating":
      return [of("rating", { rating: value })];
    case "text":
      return [of("textarea", { text: [value] })];
    case "correction":
      return [of("textarea", { text: [value] }, question.field)];
    case "ranking":
      return [of("ranker", { ranker: value })];
    case "rubric":
      return Object.entries(value).map(([key, step]) => ({
        ...of("rating", { rating: step }),
        from_name: `${question.key}.${key}`,
      }));
    case "span":
      return (Array.isArray(value) ? value : []).flatMap((mark) =>
        typeof mark === "object" && "start" in mark
          ? [of("labels", { start: mark.start, end: mark.end, labels: [mark.label] }, question.field)]
          : [],
      );
    default:
      return question satisfies never;
  }
}
