import type { AnnotationItemStatus, AnnotationQuestion } from "@treadle/contract";
import type { AnswerRow } from "./answer-store.ts";
import { leastAgreement } from "./compare-answers.ts";
import type { QueueRow } from "./queue-store.ts";
import type { ItemRow } from "./work-store.ts";

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
 * What becomes of an item that is answered so: open until as many as wanted have answered, then complete, or disputed when they
 * agree too little or only some say that it cannot be answered. What a reviewer settled stays settled.
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
