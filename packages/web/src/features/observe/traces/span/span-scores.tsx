import { formatExactTime } from "../../../../components/text/format.ts";
import type { Span } from "../model/use-trace.ts";

/** How a span was judged: a value or a word each, with who said so and why. */
export function SpanScores({ scores }: { scores: Span["scores"] }) {
  if (scores.length === 0) return null;
  return (
    <section aria-label="Scores">
      <h3 className="mb-1 text-xs text-muted">Scores</h3>
      <ul className="flex flex-wrap gap-2">
        {scores.map(({ name, value, label, comment, source, time }) => (
          <li
            key={`${name} ${source} ${time}`}
            title={`From ${source}, ${formatExactTime(time)}`}
            className="card max-w-full px-3 py-1.5"
          >
            <span className="text-muted">{name}</span>{" "}
            <span className="num font-medium">
              {value === null ? label || "–" : Number(value.toPrecision(4))}
              {value !== null && label && ` (${label})`}
            </span>
            {comment && <p className="max-w-100 break-words text-xs text-muted">{comment}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
