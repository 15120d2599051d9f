import { useProject } from "../../system/session/index.ts";
import { FeedbackFailure } from "./feedback-failure.tsx";
import { GiveFeedback } from "./give-feedback.tsx";
import { useTraceFeedback } from "./use-feedback.ts";

type SpanProps = {
  traceId: string;
  spanId: string;
  /** Feedback on the whole trace is shown at the root span. */
  isRoot: boolean;
};

/** The feedback on a span, and a form to add more. */
export function SpanFeedback({ traceId, spanId, isRoot }: SpanProps) {
  const { can } = useProject();
  const list = useTraceFeedback(traceId);
  if (!can("feedback:read")) return null;
  const items =
    list.data?.items.filter(({ target }) => target.spanId === spanId || (isRoot && target.spanId === "")) ?? [];
  return (
    <section aria-label="Feedback" className="flex flex-col gap-2">
      <FeedbackFailure list={list} />
      <GiveFeedback on={{ traceId, spanId }} items={items} />
    </section>
  );
}
