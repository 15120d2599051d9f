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
import { formatCount } from "../../../../components/text/format.ts";
import { OnlyThis } from "../../filter/index.ts";
import { KindIcon } from "../span/span-kind.tsx";
import type { SpanSummary } from "./use-traces.ts";

/** A column of spans that shows one of its texts. */
const text = (
  id: string,
  header: string,
  [field, of]: readonly [field: string, of: (span: SpanSummary) => string],
): Column<SpanSummary> => ({
  id,
  header,
  width: 130,
  isExtra: true,
  cell: (span) => (
    <OnlyThis field={field} value={of(span)}>
      <TextCell text={of(span)} />
    </OnlyThis>
  ),
});

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
        <span dir="auto" className="truncate font-medium">
          {name}
        </span>
      </span>
    ),
  },
  {
    id: "input",
    header: "Input",
    width: 260,
    isStretched: true,
    cell: ({ inputPreview }) => <TextCell text={inputPreview} />,
  },
  {
    id: "output",
    header: "Output",
    width: 260,
    isStretched: true,
    cell: (span) => <TextCell text={span.outputPreview || span.errorMessage} isMuted={!span.outputPreview} />,
  },
  {
    ...text("model", "Model", ["model", (span) => span.responseModel || span.requestModel]),
    width: 190,
    isExtra: false,
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
  { ...text("user", "User", ["user", ({ userId }) => userId]), width: 140, isExtra: false },
  {
    id: "outputTokens",
    header: "Tokens out",
    width: 90,
    isNumber: true,
    isExtra: true,
    order: "outputTokens",
    cell: ({ outputTokens }) => formatCount(outputTokens),
  },
  text("kind", "Kind", ["kind", ({ kind }) => kind]),
  text("provider", "Provider", ["provider", ({ provider }) => provider]),
  text("endpoint", "Endpoint", ["endpoint", ({ endpoint }) => endpoint]),
  text("variant", "Variant", ["variant", ({ variant }) => variant]),
  text("session", "Session", ["session", ({ sessionId }) => sessionId]),
  { id: "tags", header: "Tags", width: 140, isExtra: true, cell: ({ tags }) => <TagsCell tags={tags} /> },
  {
    id: "error",
    header: "Error",
    width: 220,
    isExtra: true,
    cell: ({ errorMessage, errorType }) => <TextCell text={errorMessage || errorType} />,
  },
  text("service", "Service", ["service", ({ service }) => service]),
  text("environment", "Environment", ["environment", ({ environment }) => environment]),
  {
    id: "cache",
    header: "Cache",
    width: 70,
    isExtra: true,
    cell: ({ isCacheHit }) => <TextCell text={isCacheHit ? "hit" : ""} />,
  },
  text("traceName", "Trace", ["traceName", ({ traceName }) => traceName]),
  text("prompt", "Prompt", ["prompt", ({ promptName }) => promptName]),
  text("promptVersion", "Prompt version", ["promptVersion", ({ promptVersion }) => promptVersion]),
  text("release", "Release", ["release", ({ release }) => release]),
  text("scope", "Library", ["scope", ({ scopeName }) => scopeName]),
  text("dialect", "Convention", ["dialect", ({ dialect }) => dialect]),
];

/** Shown of a model's calls before anything else is chosen. */
const GENERATION_IDS = [
  "time",
  "status",
  "model",
  "input",
  "output",
  "inputTokens",
  "outputTokens",
  "cost",
  "duration",
  "ttft",
  "speed",
  "name",
  "user",
];

/** Columns of a model's calls: what it took and what it cost come first. */
export const GENERATION_COLUMNS: readonly Column<SpanSummary>[] = byIds(
  [
    ...SPAN_COLUMNS.filter(({ id }) => id !== "tokens" && id !== "outputTokens"),
    {
      id: "inputTokens",
      header: "Tokens in",
      width: 82,
      isNumber: true,
      order: "inputTokens",
      cell: ({ inputTokens }) => formatCount(inputTokens),
    },
    {
      id: "outputTokens",
      header: "Tokens out",
      width: 88,
      isNumber: true,
      order: "outputTokens",
      cell: ({ outputTokens }) => formatCount(outputTokens),
    },
    { id: "speed", header: "Tokens/s", width: 78, isNumber: true, cell: (span) => formatSpeed(span) },
    {
      id: "cachedTokens",
      header: "Cached in",
      width: 84,
      isNumber: true,
      isExtra: true,
      cell: ({ cachedInputTokens }) => formatCount(cachedInputTokens),
    },
    {
      id: "reasoningTokens",
      header: "Reasoning",
      width: 84,
      isNumber: true,
      isExtra: true,
      cell: ({ reasoningTokens }) => formatCount(reasoningTokens),
    },
  ],
  GENERATION_IDS,
);

/** Tokens that came out for each second since the first of them. */
function formatSpeed({ outputTokens, durationMs, timeToFirstTokenMs }: SpanSummary): string {
  const seconds = (durationMs - (timeToFirstTokenMs ?? 0)) / 1000;
  return outputTokens > 0 && seconds > 0 ? formatCount(outputTokens / seconds) : "–";
}

/** The named ones first, in their order; the rest only when they are chosen. */
function byIds(columns: readonly Column<SpanSummary>[], ids: readonly string[]): readonly Column<SpanSummary>[] {
  const rest = columns.filter(({ id }) => !ids.includes(id)).map((column) => ({ ...column, isExtra: true }));
  const named = ids.flatMap((id) => columns.filter((column) => column.id === id));
  return [...named.map((column) => ({ ...column, isExtra: false })), ...rest];
}
