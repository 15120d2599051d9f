import { JsonView } from "../../../../components/content/json-tree.tsx";
import { formatDuration, formatExactTime } from "../../../../components/text/format.ts";
import type { Span } from "../model/use-trace.ts";

/** Events and logs of a span, each at its time. */
export function SpanEvents({ span }: { span: Span }) {
  const started = Date.parse(span.startTime);
  const entries = [
    ...span.events.map(({ name, time, attributes }) => ({ name, time, value: attributes, isLog: false })),
    ...span.contents.map(({ name, time, body }) => ({ name: name || "log", time, value: body, isLog: true })),
  ].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  return (
    <ol className="card divide-y divide-line">
      {entries.map(({ name, time, value, isLog }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the events of a finished span never move.
        <li key={index} className="flex flex-col gap-1.5 px-3 py-2">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className={`font-medium ${name === "exception" ? "text-bad" : ""}`}>{name}</span>
            {isLog && <span className="text-xs text-muted">log</span>}
            <time dateTime={time} title={formatExactTime(time)} className="num ml-auto text-xs text-muted">
              {momentOf(Date.parse(time) - started)}
            </time>
          </p>
          {hasContent(value) && <JsonView value={value} label={`Content of ${name}`} />}
        </li>
      ))}
    </ol>
  );
}

const momentOf = (ms: number) => (ms < 0 ? `${formatDuration(-ms)} before start` : `after ${formatDuration(ms)}`);

const hasContent = (value: unknown) =>
  value !== null && value !== undefined && !(typeof value === "object" && Object.keys(value).length === 0);
