import { FeedbackFailure, GiveFeedback, useSessionFeedback } from "../feedback/index.ts";
import { useProject } from "../session/index.ts";

/** What people said of the session as a whole, and the way to say more. What they said of one of its turns stands at the turn. */
export function SessionFeedback({ sessionId }: { sessionId: string }) {
  const { can } = useProject();
  const list = useSessionFeedback(sessionId);
  if (!can("feedback:read")) return null;
  const items = list.data?.items.filter(({ target }) => target.traceId === "") ?? [];
  if (items.length === 0 && !can("feedback:write") && !list.error) return null;
  return (
    <section aria-label="Feedback on the session" className="mb-3 flex flex-col gap-2">
      <FeedbackFailure list={list} />
      <GiveFeedback on={{ sessionId }} items={items} title="Feedback on the whole session" heading="h2" />
    </section>
  );
}

/** What people said of a turn, of its trace and of the spans within, and the way to say more of the trace. */
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
