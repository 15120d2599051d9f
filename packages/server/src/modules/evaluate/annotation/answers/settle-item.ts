import type { AnnotationItemStatus, AnnotationQuestion } from "@treadle/contract";
import type { AnswerRow } from "../stores/answer-store.ts";
import type { QueueRow } from "../stores/queue-store.ts";
import type { ItemRow } from "../stores/work-store.ts";
import { leastAgreement } from "./compare-answers.ts";

type Settled = Pick<ItemRow, "status" | "agreement" | "completedAt">;
type Of = {
  readonly item: Pick<ItemRow, "overlap" | "adjudicationVersion" | "completedAt" | "isGold">;
  readonly queue: Pick<QueueRow, "disputeBelow">;
  readonly questions: readonly AnnotationQuestion[];
  /** The answers that count. */
  readonly answers: readonly Pick<AnswerRow, "status" | "answers">[];
  readonly now: Date;
};

/**
 * The new status of an answered item: open until enough people have answered, then complete, or disputed if agreement
 * is too low or only some people could not answer. A reviewer's decision remains.
 */
export function settleItem({ item, queue, questions, answers, now }: Of): Settled {
  const submitted = answers.filter(({ status }) => status === "submitted");
  const agreement = leastAgreement(
    questions,
    submitted.map((answer) => answer.answers),
  );
  if (item.isGold) return { status: "open", agreement, completedAt: null };
  if (item.adjudicationVersion > 0) return { status: "adjudicated", agreement, completedAt: item.completedAt ?? now };
  if (answers.length < item.overlap) return { status: "open", agreement, completedAt: null };
  const isMixed = submitted.length > 0 && submitted.length < answers.length;
  const isDisputed = isMixed || (agreement !== null && agreement < queue.disputeBelow);
  const status: AnnotationItemStatus = isDisputed ? "disputed" : "complete";
  return { status, agreement, completedAt: item.completedAt ?? now };
}
