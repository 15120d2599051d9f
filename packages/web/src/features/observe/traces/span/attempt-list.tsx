import { CircleCheck, CircleX } from "lucide-react";
import { formatDuration } from "../../../../components/text/format.ts";
import type { Span } from "../model/use-trace.ts";

/** Every try of every provider, in order: what was refused, and what was fallen back to. */
export function AttemptList({ attempts }: { attempts: Span["attempts"] }) {
  return (
    <section aria-label="Attempts">
      <h3 className="mb-1 text-xs text-muted">Attempts</h3>
      <ol className="card divide-y divide-line">
        {attempts.map((attempt, index) => {
          const isFailed = attempt.error !== "" || attempt.status >= 400;
          const Icon = isFailed ? CircleX : CircleCheck;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the attempts of a finished span never move.
            <li key={index} className="flex gap-2 px-3 py-2">
              <Icon aria-hidden size={14} className={`mt-0.5 shrink-0 ${isFailed ? "text-bad" : "text-good"}`} />
              <div className="min-w-0 grow">
                <p className="flex flex-wrap items-baseline gap-x-2">
                  <span className="min-w-0 font-medium [overflow-wrap:anywhere]">
                    {attempt.connection}/{attempt.model}
                  </span>
                  <span className="text-muted">
                    {isFailed ? (attempt.status > 0 ? `rejected with ${attempt.status}` : "no response") : "answered"}
                  </span>
                  <span className="num ml-auto text-muted">{formatDuration(attempt.durationMs)}</span>
                </p>
                {attempt.error && <p className="mt-0.5 text-muted [overflow-wrap:anywhere]">{attempt.error}</p>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
