import { useState } from "react";
import { Button } from "../../../components/form/button.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import { FeedbackItem } from "./feedback-item.tsx";
import type { Feedback } from "./use-feedback.ts";

const SHOWN = 3;

type ListProps = {
  items: readonly Feedback[];
  /** Withdraws the entry. Left out if it cannot be withdrawn. */
  retract?: (feedback: Feedback) => (() => void) | undefined;
};

/** Feedback one below the other, the newest first; what is more than fits at a glance is folded. */
export function FeedbackList({ items, retract }: ListProps) {
  const [isWhole, setIsWhole] = useState(false);
  if (items.length === 0) return null;
  return (
    <>
      <ul className="flex flex-col gap-1.5">
        {items.slice(0, isWhole ? undefined : SHOWN).map((feedback) => (
          <FeedbackItem key={feedback.feedbackId} feedback={feedback} retract={retract?.(feedback)} />
        ))}
      </ul>
      {items.length > SHOWN && !isWhole && (
        <Button size="small" kind="quiet" className="self-start" onClick={() => setIsWhole(true)}>
          Show {formatNumberOf(items.length - SHOWN, "more", "more")}
        </Button>
      )}
    </>
  );
}
