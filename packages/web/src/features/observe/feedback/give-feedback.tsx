import { MessageSquarePlus, ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { useProject } from "../../system/session/index.ts";
import { FeedbackForm } from "./feedback-form.tsx";
import { FeedbackList } from "./feedback-list.tsx";
import { type Feedback, type FeedbackOn, isOn, useFeedbackChanges } from "./use-feedback.ts";

type GiveProps = {
  on: FeedbackOn;
  /** The title of the list: feedback on the object and on its parts. */
  items: readonly Feedback[];
  title?: string;
  heading?: "h2" | "h3";
};

const THUMBS = "helpful";

/** The feedback list and the controls to add feedback: thumbs directly, the rest in a form. */
export function GiveFeedback({ on, items, title = "Feedback", heading: Heading = "h3" }: GiveProps) {
  const { can } = useProject();
  const { give, retract } = useFeedbackChanges(on);
  const [isOpen, setIsOpen] = useState(false);
  const canGive = can("feedback:write");
  const mine = items.find((one) => one.isMine && one.name === THUMBS && isOn(one, on));
  const takeBack = (feedbackId: string, name: string) =>
    retract.mutate(feedbackId, { onSuccess: () => toastDone(`Removed ${name}`) });
  function press(value: boolean) {
    if (mine?.value === value) return takeBack(mine.feedbackId, THUMBS);
    const again = mine && typeof mine.value === "boolean" ? mine.value : undefined;
    give.mutate(
      { name: THUMBS, value },
      {
        onSuccess: ({ feedbackId }) =>
          toastDone(value ? "Marked as helpful" : "Marked as not helpful", {
            label: "Undo",
            run: () => (again === undefined ? retract.mutate(feedbackId) : give.mutate({ name: THUMBS, value: again })),
          }),
      },
    );
  }
  return (
    <>
      <div className="flex flex-wrap items-center gap-1">
        <Heading className="mr-1 text-xs text-muted">{title}</Heading>
        {canGive && (
          <>
            <Thumb value pressed={mine?.value === true} isBusy={give.isPending} press={press} />
            <Thumb value={false} pressed={mine?.value === false} isBusy={give.isPending} press={press} />
            <Button kind="quiet" size="small" onClick={() => setIsOpen(true)}>
              <MessageSquarePlus aria-hidden size={14} /> Give feedback…
            </Button>
          </>
        )}
        {!canGive && items.length === 0 && <span className="text-xs text-muted">No feedback yet.</span>}
      </div>
      <FeedbackList
        items={items}
        retract={({ feedbackId, name, source }) =>
          canGive && source !== "otel" ? () => takeBack(feedbackId, name) : undefined
        }
      />
      {isOpen && <FeedbackForm on={on} close={() => setIsOpen(false)} />}
    </>
  );
}

type ThumbProps = { value: boolean; pressed: boolean; isBusy: boolean; press: (value: boolean) => void };

function Thumb({ value, pressed, isBusy, press }: ThumbProps) {
  const Icon = value ? ThumbsUp : ThumbsDown;
  const look = value ? "aria-pressed:text-good" : "aria-pressed:text-bad";
  return (
    <button
      type="button"
      aria-label={value ? "Helpful" : "Not helpful"}
      title={value ? "Helpful" : "Not helpful"}
      aria-pressed={pressed}
      disabled={isBusy}
      onClick={() => press(value)}
      className={`inline-flex size-7 items-center justify-center rounded-control text-muted hover:bg-raised hover:text-text aria-pressed:bg-raised ${look}`}
    >
      <Icon aria-hidden size={15} fill={pressed ? "currentColor" : "none"} />
    </button>
  );
}
