import { Button } from "../../../../components/form/button.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import type { AnsweringState } from "../item/answering-desk.ts";
import { SuggestionNote } from "../item/suggestion-note.tsx";

/** Notices for the annotator: connection problems, rejected answers, expired items and suggestions. */
export function DeskNotes({ state, forget }: { state: AnsweringState; forget: () => void }) {
  const { isOffline, unsent, refused, lost, given } = state;
  const suggestion = given.at(-1)?.kept?.suggestion;
  return (
    <div aria-live="polite" className="shrink-0">
      {isOffline && (
        <p className="border-line border-b bg-warn-soft px-6 py-1.5 max-md:px-4">
          The server is not responding.{" "}
          {unsent > 0 &&
            `${formatNumberOf(unsent, "unsent answer")} ${unsent === 1 ? "is" : "are"} stored in this browser. `}
          You can continue. Your answers are sent when the server responds.
        </p>
      )}
      {(refused.length > 0 || lost > 0) && (
        <div
          role="alert"
          className="flex flex-wrap items-start gap-2 border-line border-b bg-bad-soft px-6 py-1.5 max-md:px-4"
        >
          <div className="min-w-0 grow">
            {lost > 0 && (
              <p>{formatNumberOf(lost, "item")} went back to the queue because you were inactive for too long.</p>
            )}
            {refused.map(({ itemId, message, work }) => (
              <details key={itemId}>
                <summary>An answer was rejected: {message}</summary>
                <pre className="mt-1 max-h-40 overflow-auto text-xs whitespace-pre-wrap">
                  {JSON.stringify({ ...work.values, ...(work.comment && { comment: work.comment }) }, null, 2)}
                </pre>
              </details>
            ))}
          </div>
          <Button size="small" onClick={forget}>
            Close
          </Button>
        </div>
      )}
      {suggestion && (
        <div className="border-line border-b px-6 py-1.5 max-md:px-4">
          <SuggestionNote suggestion={suggestion} isAfter />
        </div>
      )}
    </div>
  );
}
