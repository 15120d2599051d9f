import type { AnnotationQueue, Guideline, QuestionSet } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { GuidelineRow, QuestionSetRow, QueueRow } from "../stores/queue-store.ts";
import type { Tally } from "../stores/tally-store.ts";
import { mayAnswer, mayReview } from "./rights.ts";

type Names = ReadonlyMap<string, string>;
type Shown = {
  readonly scope: Scope;
  readonly names: Names;
  readonly guideline: GuidelineRow;
  readonly questions: QuestionSetRow;
  readonly counts: readonly Tally[];
  readonly submitted: number;
};

export const toGuideline = ({ version, markdown, examples, ...row }: GuidelineRow, names: Names): Guideline => ({
  version,
  markdown,
  examples,
  createdAt: row.createdAt.toISOString(),
  createdBy: names.get(row.createdBy) ?? row.createdBy,
});

export const toQuestionSet = ({ version, questions, ...row }: QuestionSetRow, names: Names): QuestionSet => ({
  version,
  questions,
  createdAt: row.createdAt.toISOString(),
  createdBy: names.get(row.createdBy) ?? row.createdBy,
});

export function toQueue(row: QueueRow, { scope, names, guideline, questions, counts, submitted }: Shown) {
  const { id: queueId, projectId: _, itemsChangedAt: __, guidelineVersion: ___, ...kept } = row;
  const sum = (...statuses: string[]) =>
    counts
      .filter(({ status, isGold }) => !isGold && statuses.includes(status))
      .reduce((all, { items }) => all + items, 0);
  return {
    queueId,
    ...kept,
    dueAt: row.dueAt?.toISOString() ?? null,
    questions: questions.questions,
    guideline: toGuideline(guideline, names),
    items: {
      total: sum("open", "complete", "disputed", "adjudicated", "flagged"),
      open: sum("open"),
      done: sum("complete", "adjudicated"),
      toReview: sum("disputed", "flagged"),
      gold: counts
        .filter(({ isGold, status }) => isGold && status !== "removed")
        .reduce((all, { items }) => all + items, 0),
    },
    mine: { submitted, mayAnswer: row.isOpen && mayAnswer(scope, row), mayReview: mayReview(scope, row) },
    createdBy: names.get(row.createdBy) ?? row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  } satisfies AnnotationQueue;
}
