import { useProject } from "../../system/session/index.ts";
import { FeedbackFailure, GiveFeedback, useSessionFeedback } from "../feedback/index.ts";

/** Feedback on the session and a form to add more. Feedback on a turn is shown at the turn. */
export function SessionFeedback({ sessionId }: { sessionId: string }) {
  const { can } = useProject();
  const list = useSessionFeedback(sessionId);
  if (!can("feedback:read")) return null;
  const items = list.data?.items.filter(({ target }) => target.traceId === "") ?? [];
  if (items.length === 0 && !can("feedback:write") && !list.error) return null;
  return (
    <section aria-label="Feedback on the session" className="mb-3 flex flex-col gap-2">
      <FeedbackFailure list={list} />
      <GiveFeedback on={{ sessionId }} items={items} title="Session feedback" heading="h2" />
    </section>
  );
}

/** The feedback on a turn, its trace and the spans in it, and a form to add feedback on the trace. */
export function TurnFeedback({ sessionId, traceId }: { sessionId: string; traceId: string }) {
  const { can } = useProject();
  const { data } = useSessionFeedback(sessionId);
  if (!can("feedback:read")) return null;
  const items = data?.items.filter(({ target }) => target.traceId === traceId) ?? [];
  if (items.length === 0 && !can("feedback:write")) return null;
  return (
    <section aria-label="Feedback" className="flex flex-col gap-2 border-line border-t px-4 py-2">
      <GiveFeedback on={{ traceId, inSession: sessionId }} items={items} />
    </section>
  );
}
