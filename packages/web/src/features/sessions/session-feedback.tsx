import { FeedbackList, useSessionFeedback } from "../feedback/index.ts";
import { useProject } from "../session/index.ts";

/** What people said of the session as a whole. What they said of one of its turns stands at the turn. */
export function SessionFeedback({ sessionId }: { sessionId: string }) {
  const { can } = useProject();
  const { data, error, refetch } = useSessionFeedback(sessionId);
  if (!can("feedback:read")) return null;
  if (error && !data)
    return (
      <p role="alert" className="mb-3 text-bad">
        The feedback could not be loaded.{" "}
        <button type="button" className="underline" onClick={() => void refetch()}>
          Try again
        </button>
      </p>
    );
  const items = data?.items.filter(({ target }) => target.traceId === "") ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-label="Feedback on the session" className="mb-3 flex flex-col gap-2">
      <h2 className="text-xs text-muted">Feedback on the whole session</h2>
      <FeedbackList items={items} />
    </section>
  );
}

/** What people said of a turn: of its trace and of the spans within. */
export function TurnFeedback({ sessionId, traceId }: { sessionId: string; traceId: string }) {
  const { data } = useSessionFeedback(sessionId);
  const items = data?.items.filter(({ target }) => target.traceId === traceId) ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-label="Feedback" className="flex flex-col gap-2 border-line border-t px-4 py-3">
      <h3 className="text-xs text-muted">Feedback</h3>
      <FeedbackList items={items} />
    </section>
  );
}
