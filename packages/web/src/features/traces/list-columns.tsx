import {
  DurationCell,
  MoneyCell,
  StatusCell,
  TagsCell,
  TextCell,
  TimeCell,
  TokensCell,
} from "../../components/cells.tsx";
import { formatCount } from "../../components/format.ts";
import type { Column } from "../../components/table-layout.ts";
import { KindIcon } from "./span-kind.tsx";
import type { SpanSummary, TraceSummary } from "./use-traces.ts";

export const SPAN_COLUMNS: readonly Column<SpanSummary>[] = [
  { id: "time", header: "Time", width: 118, order: "startTime", cell: ({ startTime }) => <TimeCell iso={startTime} /> },
  { id: "status", header: "Status", width: 88, cell: ({ status }) => <StatusCell status={status} /> },
  {
    id: "name",
    header: "Name",
    width: 190,
    cell: ({ name, kind }) => (
      <span className="flex min-w-0 items-center gap-1.5" title={`${name} (${kind})`}>
        <KindIcon kind={kind} />
        <span className="truncate font-medium">{name}</span>
      </span>
    ),
  },
  { id: "input", header: "Input", width: 260, cell: ({ inputPreview }) => <TextCell text={inputPreview} /> },
  {
    id: "output",
    header: "Output",
    width: 260,
    cell: (span) => <TextCell text={span.outputPreview || span.errorMessage} isMuted={!span.outputPreview} />,
  },
  {
    id: "model",
    header: "Model",
    width: 170,
    cell: (span) => <TextCell text={span.responseModel || span.requestModel} />,
  },
  {
    id: "duration",
    header: "Duration",
    width: 86,
    isNumber: true,
    order: "durationMs",
    cell: ({ durationMs }) => <DurationCell ms={durationMs} />,
  },
  {
    id: "ttft",
    header: "First token",
    width: 90,
    isNumber: true,
    order: "timeToFirstTokenMs",
    cell: ({ timeToFirstTokenMs }) => <DurationCell ms={timeToFirstTokenMs} />,
  },
  {
    id: "tokens",
    header: "Tokens",
    width: 104,
    isNumber: true,
    order: "inputTokens",
    cell: (span) => <TokensCell input={span.inputTokens} output={span.outputTokens} />,
  },
  {
    id: "cost",
    header: "Cost",
    width: 92,
    isNumber: true,
    order: "costUsd",
    cell: ({ costUsd }) => <MoneyCell usd={costUsd} />,
  },
  { id: "user", header: "User", width: 130, cell: ({ userId }) => <TextCell text={userId} /> },
  {
    id: "outputTokens",
    header: "Tokens out",
    width: 90,
    isNumber: true,
    isExtra: true,
    order: "outputTokens",
    cell: ({ outputTokens }) => formatCount(outputTokens),
  },
  { id: "kind", header: "Kind", width: 100, isExtra: true, cell: ({ kind }) => <TextCell text={kind} /> },
  {
    id: "provider",
    header: "Provider",
    width: 120,
    isExtra: true,
    cell: ({ provider }) => <TextCell text={provider} />,
  },
  {
    id: "endpoint",
    header: "Endpoint",
    width: 120,
    isExtra: true,
    cell: ({ endpoint }) => <TextCell text={endpoint} />,
  },
  {
    id: "session",
    header: "Session",
    width: 130,
    isExtra: true,
    cell: ({ sessionId }) => <TextCell text={sessionId} />,
  },
  { id: "tags", header: "Tags", width: 140, isExtra: true, cell: ({ tags }) => <TagsCell tags={tags} /> },
  {
    id: "error",
    header: "Error",
    width: 220,
    isExtra: true,
    cell: ({ errorMessage, errorType }) => <TextCell text={errorMessage || errorType} />,
  },
  { id: "service", header: "Service", width: 120, isExtra: true, cell: ({ service }) => <TextCell text={service} /> },
  {
    id: "environment",
    header: "Environment",
    width: 110,
    isExtra: true,
    cell: ({ environment }) => <TextCell text={environment} />,
  },
  {
    id: "cache",
    header: "Cache",
    width: 70,
    isExtra: true,
    cell: ({ isCacheHit }) => <TextCell text={isCacheHit ? "hit" : ""} />,
  },
];

export const TRACE_COLUMNS: readonly Column<TraceSummary>[] = [
  { id: "time", header: "Time", width: 114, cell: ({ startTime }) => <TimeCell iso={startTime} /> },
  { id: "status", header: "Status", width: 92, cell: (trace) => <TraceStatus trace={trace} /> },
  { id: "name", header: "Name", width: 170, cell: ({ name }) => <NameCell name={name} /> },
  { id: "input", header: "Input", width: 240, cell: ({ inputPreview }) => <TextCell text={inputPreview} /> },
  { id: "output", header: "Output", width: 240, cell: ({ outputPreview }) => <TextCell text={outputPreview} /> },
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
  { id: "user", header: "User", width: 150, cell: ({ userId }) => <TextCell text={userId} /> },
  {
    id: "session",
    header: "Session",
    width: 140,
    isExtra: true,
    cell: ({ sessionId }) => <TextCell text={sessionId} isMuted />,
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
    <span className="truncate font-medium" title={name}>
      {name}
    </span>
  );
}

/** How the whole ended, and whether a step failed on the way to a good end. */
function TraceStatus({ trace: { status, errorCount } }: { trace: TraceSummary }) {
  if (status !== "ok" || errorCount === 0) return <StatusCell status={status} />;
  return (
    <span className="text-warn" title="It ended well, but a step in it failed">
      OK, {errorCount} failed
    </span>
  );
}
