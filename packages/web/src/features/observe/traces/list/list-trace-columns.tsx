import {
  DurationCell,
  MoneyCell,
  StatusCell,
  TagsCell,
  TextCell,
  TimeCell,
  TokensCell,
} from "../../../../components/table/cells.tsx";
import type { Column } from "../../../../components/table/table-layout.ts";
import { formatCompact, formatCount } from "../../../../components/text/format.ts";
import { OnlyThis } from "../../filter/index.ts";
import type { TraceSummary } from "./use-traces.ts";

export const TRACE_COLUMNS: readonly Column<TraceSummary>[] = [
  { id: "time", header: "Time", width: 114, cell: ({ startTime }) => <TimeCell iso={startTime} /> },
  { id: "status", header: "Status", width: 92, cell: (trace) => <TraceStatus trace={trace} /> },
  { id: "name", header: "Name", width: 170, cell: ({ name }) => <NameCell name={name} /> },
  {
    id: "input",
    header: "Input",
    width: 240,
    isStretched: true,
    cell: ({ inputPreview }) => <TextCell text={inputPreview} />,
  },
  {
    id: "output",
    header: "Output",
    width: 240,
    isStretched: true,
    cell: ({ outputPreview }) => <TextCell text={outputPreview} />,
  },
  {
    id: "duration",
    header: "Duration",
    width: 84,
    isNumber: true,
    cell: ({ durationMs }) => <DurationCell ms={durationMs} />,
  },
  {
    id: "tokens",
    header: "Tokens",
    width: 112,
    isNumber: true,
    cell: (trace) => <TokensCell input={trace.inputTokens} output={trace.outputTokens} />,
  },
  { id: "cost", header: "Cost", width: 94, isNumber: true, cell: ({ costUsd }) => <MoneyCell usd={costUsd} /> },
  { id: "spans", header: "Spans", width: 64, isNumber: true, cell: ({ spanCount }) => formatCount(spanCount) },
  { id: "models", header: "Models", width: 200, cell: ({ models }) => <TextCell text={models.join(", ")} /> },
  {
    id: "user",
    header: "User",
    width: 150,
    cell: ({ userId }) => (
      <OnlyThis field="user" value={userId}>
        <TextCell text={userId} />
      </OnlyThis>
    ),
  },
  {
    id: "session",
    header: "Session",
    width: 140,
    isExtra: true,
    cell: ({ sessionId }) => (
      <OnlyThis field="session" value={sessionId}>
        <TextCell text={sessionId} isMuted />
      </OnlyThis>
    ),
  },
  { id: "tags", header: "Tags", width: 140, cell: ({ tags }) => <TagsCell tags={tags} /> },
  {
    id: "id",
    header: "Trace id",
    width: 150,
    isExtra: true,
    cell: ({ traceId }) => <code className="truncate text-xs text-muted">{traceId}</code>,
  },
];

function NameCell({ name }: { name: string }) {
  return (
    <span dir="auto" className="truncate font-medium" title={name}>
      {name}
    </span>
  );
}

/** How the whole ended, and whether a step failed on the way to a good end. */
export function TraceStatus({ trace: { status, errorCount } }: { trace: TraceSummary }) {
  if (status !== "ok" || errorCount === 0) return <StatusCell status={status} />;
  return (
    <span
      className="inline-flex items-center gap-1.5 text-warn"
      title={`The trace succeeded, but ${errorCount === 1 ? "one step" : `${formatCount(errorCount)} steps`} failed`}
    >
      <span aria-hidden className="size-1.75 shrink-0 rounded-full bg-good" />
      {formatCompact(errorCount)} failed
    </span>
  );
}
