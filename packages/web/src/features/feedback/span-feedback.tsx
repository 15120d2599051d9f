import { MessageSquarePlus, ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { FeedbackForm } from "./feedback-form.tsx";
import { FeedbackList } from "./feedback-list.tsx";
import { useFeedbackChanges, useTraceFeedback } from "./use-feedback.ts";

type SpanProps = {
  traceId: string;
  spanId: string /** Feedback on the whole trace stands at the span that began it. */;
  isRoot: boolean;
};

const THUMBS = "helpful";

/** What people said of a span, and how somebody who is signed in says more: a thumb at once, the rest in a form. */
export function SpanFeedback({ traceId, spanId, isRoot }: SpanProps) {
  const { can } = useProject();
  const { data, error, refetch } = useTraceFeedback(traceId);
  const { give, retract } = useFeedbackChanges(traceId, spanId);
  const [isOpen, setIsOpen] = useState(false);
  if (!can("feedback:read")) return null;
  const items = data?.items.filter(({ target }) => target.spanId === spanId || (isRoot && target.spanId === "")) ?? [];
  const canGive = can("feedback:write");
  const mine = items.find(({ isMine, name, target }) => isMine && name === THUMBS && target.spanId === spanId);
  const takeBack = (feedbackId: string, name: string) =>
    retract.mutate(feedbackId, { onSuccess: () => toastDone(`Took back ${name}`) });
  function press(value: boolean) {
    if (mine?.value === value) return takeBack(mine.feedbackId, THUMBS);
    const again = mine && typeof mine.value === "boolean" ? mine.value : undefined;
    give.mutate(
      { name: THUMBS, value },
      {
        onSuccess: ({ feedbackId }) =>
          toastDone(value ? "Said that it is helpful" : "Said that it is not helpful", {
            label: "Undo",
            run: () => (again === undefined ? retract.mutate(feedbackId) : give.mutate({ name: THUMBS, value: again })),
          }),
      },
    );
  }
  return (
    <section aria-label="Feedback" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-1">
        <h3 className="mr-1 text-xs text-muted">Feedback</h3>
        {canGive && (
          <>
            <Thumb value pressed={mine?.value === true} isBusy={give.isPending} press={press} />
            <Thumb value={false} pressed={mine?.value === false} isBusy={give.isPending} press={press} />
            <Button kind="quiet" size="small" onClick={() => setIsOpen(true)}>
              <MessageSquarePlus aria-hidden size={14} /> Give feedback…
            </Button>
          </>
        )}
        {!canGive && items.length === 0 && <span className="text-xs text-muted">None has been given.</span>}
      </div>
      {error && !data && (
        <p role="alert" className="text-bad">
          The feedback could not be loaded.{" "}
          <button type="button" className="underline" onClick={() => void refetch()}>
            Try again
          </button>
        </p>
      )}
      <FeedbackList
        items={items}
        retract={({ feedbackId, name, source }) =>
          canGive && source !== "otel" ? () => takeBack(feedbackId, name) : undefined
        }
      />
      {isOpen && <FeedbackForm traceId={traceId} spanId={spanId} close={() => setIsOpen(false)} />}
    </section>
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
