import { JsonView } from "../../../../components/content/json-tree.tsx";
import { StatusCell } from "../../../../components/table/cells.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatCount, formatDuration, formatExactTime, formatMoney } from "../../../../components/text/format.ts";
import { SpanGuards } from "../../../build/guards/index.ts";
import { ContentHidden } from "../../../system/session/index.ts";
import { OriginLink } from "../../../train/lineage/index.ts";
import { SpanFeedback } from "../../feedback/index.ts";
import { Payload } from "../content/message-view.tsx";
import { isNothing } from "../content/messages.ts";
import type { Span } from "../model/use-trace.ts";
import { AttemptList } from "./attempt-list.tsx";
import { Comments } from "./comments.tsx";
import { SpanEvents } from "./span-events.tsx";
import { SpanFacts } from "./span-facts.tsx";
import { KindIcon } from "./span-kind.tsx";
import { SpanLinks } from "./span-links.tsx";
import { SpanMenu } from "./span-menu.tsx";
import { SpanScores } from "./span-scores.tsx";
import { type SpanTabName, SpanTabs } from "./span-tabs.tsx";

type DetailProps = {
  span: Span;
  /** Which part is open; it stays the same from span to span. */
  tab: SpanTabName;
  setTab: (tab: SpanTabName) => void;
  /** How far the span was moved in the tree because of its sender's clock. */
  movedMs: number;
};

/** One step in full: first its status, then its cost, then its messages. */
export function SpanDetail({ span, tab, setTab, movedMs }: DetailProps) {
  return (
    <article aria-label={`Span ${span.name}`} className="flex flex-col gap-3 p-4">
      <Heading span={span} />
      {(span.status === "error" || span.errorMessage) && <Failure span={span} />}
      <Numbers span={span} />
      {movedMs > 0 && (
        <p role="note" className="rounded-control bg-warn-soft px-3 py-1.5 text-xs">
          By its sender’s clock, this span started {formatDuration(movedMs)} earlier, before its parent. The tree shows
          the corrected time. The times here are the original times.
        </p>
      )}
      <OriginLink span={span} />
      <SpanGuards attributes={span.attributes} />
      <SpanScores scores={span.scores.filter(({ source }) => source !== "feedback")} />
      <SpanFeedback traceId={span.traceId} spanId={span.spanId} isRoot={span.parentSpanId === ""} />
      <SpanTabs span={span} tab={tab} setTab={setTab} />
      <div role="tabpanel" aria-label={tab} className="flex flex-col gap-4">
        {tab === "Messages" && <Payloads span={span} />}
        {tab === "Events" && <SpanEvents span={span} />}
        {tab === "Details" && (
          <>
            {span.attempts.length > 0 && <AttemptList attempts={span.attempts} />}
            <SpanLinks span={span} />
            <SpanFacts span={span} />
          </>
        )}
        {tab === "Comments" && <Comments traceId={span.traceId} spanId={span.spanId} />}
        {tab === "JSON" && <JsonView value={span} label="The span as JSON" />}
      </div>
    </article>
  );
}

function Heading({ span }: { span: Span }) {
  return (
    <header className="flex items-start gap-2">
      <div className="min-w-0 grow">
        <h2 className="flex items-center gap-2 text-base font-semibold">
          <KindIcon kind={span.kind} size={16} />
          <span dir="auto" className="min-w-0 break-words [overflow-wrap:anywhere]">
            {span.name}
          </span>
        </h2>
        <p className="num mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
          <StatusCell status={span.status} />
          <span>{span.kind}</span>
          <time dateTime={span.startTime}>{formatExactTime(span.startTime)}</time>
          {span.isCacheHit && (
            <span className="rounded border border-line bg-raised px-1.5 text-xs">from the cache</span>
          )}
        </p>
      </div>
      <SpanMenu span={span} />
    </header>
  );
}

function Numbers({ span }: { span: Span }) {
  const isModel = span.kind === "generation" || span.kind === "embedding";
  const hasTokens = span.inputTokens + span.outputTokens > 0;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2">
      <Fact label="Duration" value={formatDuration(span.durationMs)} />
      {isModel && <Fact label="First token" value={formatDuration(span.timeToFirstTokenMs)} />}
      {isModel && (
        <Fact
          label="Tokens"
          value={hasTokens ? `${formatCount(span.inputTokens)} in, ${formatCount(span.outputTokens)} out` : "–"}
          note={hasTokens ? tokenNote(span) : "none reported"}
        />
      )}
      {isModel && (
        <Fact
          label="Cost"
          value={formatMoney(span.costUsd)}
          note={span.costUsd === null && hasTokens ? "no price known" : undefined}
        />
      )}
      {isModel && <Fact label="Model" value={span.responseModel || span.requestModel || "–"} note={span.provider} />}
    </dl>
  );
}

function tokenNote({ cachedInputTokens, cacheWriteTokens, reasoningTokens }: Span) {
  const notes = [
    cachedInputTokens > 0 && `${formatCount(cachedInputTokens)} from cache`,
    cacheWriteTokens > 0 && `${formatCount(cacheWriteTokens)} to cache`,
    reasoningTokens > 0 && `${formatCount(reasoningTokens)} reasoning`,
  ];
  return notes.filter(Boolean).join(", ");
}

function Fact({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div className="min-w-0 [overflow-wrap:anywhere]">
      <dt className="text-xs text-muted">{label}</dt>
      <dd title={value.length > 60 ? value : undefined} className="num line-clamp-2 font-medium">
        {value}
      </dd>
      {note && <dd className="line-clamp-1 text-xs text-muted">{note}</dd>}
    </div>
  );
}

function Failure({ span }: { span: Span }) {
  return (
    <section aria-label="Error" className="rounded-card border border-bad/40 bg-bad-soft px-3 py-2">
      <h3 className="font-medium text-bad [overflow-wrap:anywhere]">{span.errorType || "Error"}</h3>
      {span.errorMessage && (
        <div className="mt-0.5">
          <FoldedText text={span.errorMessage} most={600} />
        </div>
      )}
      {span.attempts.length > 1 && (
        <p className="mt-1 text-muted">{span.attempts.length} attempts were made. See Details.</p>
      )}
    </section>
  );
}

function Payloads({ span }: { span: Span }) {
  if (span.isContentHidden) return <ContentHidden className="py-4" />;
  if (isNothing(span.input) && isNothing(span.output))
    return <p className="py-4 text-muted">This step recorded no input and no output.</p>;
  return (
    <>
      <Payload label="Input" value={span.input} />
      <Payload label="Output" value={span.output} />
      {isNothing(span.output) && span.status !== "error" && <p className="text-muted">No output.</p>}
    </>
  );
}
