import { CircleAlert, Wrench } from "lucide-react";
import { StatusCell } from "../../../components/table/cells.tsx";
import { FoldedText } from "../../../components/text/folded-text.tsx";
import { formatDuration, formatExactTime, formatMoney, formatTime } from "../../../components/text/format.ts";
import { ContentHidden } from "../../system/session/index.ts";
import type { Message } from "../traces/index.ts";
import { asMessages, newMessages } from "./new-messages.ts";
import { TurnFeedback } from "./session-feedback.tsx";
import type { SessionTrace } from "./use-sessions.ts";

type TurnProps = { sessionId: string; trace: SessionTrace; isOpen: boolean; onOpen: () => void };

/** One turn: the request, the answer and a link to the trace. */
export function Turn({ sessionId, trace, isOpen, onOpen }: TurnProps) {
  const asked = newMessages(trace.input);
  const answered = asMessages(trace.output, "assistant");
  return (
    <li className={`rounded-card border ${isOpen ? "border-accent" : "border-line"} bg-panel`}>
      <button
        type="button"
        onClick={onOpen}
        aria-expanded={isOpen}
        className="num flex w-full flex-wrap items-center gap-x-3 gap-y-0.5 rounded-t-card border-line border-b px-4 py-1.5 text-left text-xs text-muted hover:bg-raised"
      >
        <span className="font-medium text-text">{trace.name}</span>
        <time dateTime={trace.startTime} title={formatExactTime(trace.startTime)}>
          {formatTime(trace.startTime)}
        </time>
        {trace.status !== "ok" && <StatusCell status={trace.status} />}
        {trace.status === "ok" && trace.errorCount > 0 && (
          <span className="inline-flex items-center gap-1 text-warn">
            <CircleAlert aria-hidden size={12} /> {trace.errorCount} failed {trace.errorCount === 1 ? "step" : "steps"}
          </span>
        )}
        <span>{formatDuration(trace.durationMs)}</span>
        <span>{formatMoney(trace.costUsd)}</span>
        <span className="ml-auto text-accent">{isOpen ? "Shown in the side panel" : "Open trace"}</span>
      </button>
      <div className="flex flex-col gap-3 px-4 py-3">
        {[...asked, ...answered].map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was said never moves.
          <Said key={index} message={message} />
        ))}
        {trace.isContentHidden && <ContentHidden />}
        {answered.length === 0 && !trace.isContentHidden && (
          <p className="text-muted italic">{trace.status === "ok" ? "No answer." : "Ended without an answer."}</p>
        )}
      </div>
      <TurnFeedback sessionId={sessionId} traceId={trace.traceId} />
    </li>
  );
}

function Said({ message: { role, parts } }: { message: Message }) {
  return (
    <div className="flex gap-3 max-md:flex-col max-md:gap-0.5">
      <span
        className={`w-18 shrink-0 pt-px text-xs ${role === "assistant" ? "font-medium text-accent" : "text-muted"}`}
      >
        {role}
      </span>
      <div className="flex min-w-0 grow flex-col gap-1.5">
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <SaidPart key={index} part={part} />
        ))}
      </div>
    </div>
  );
}

function SaidPart({ part }: { part: Message["parts"][number] }) {
  switch (part.kind) {
    case "text":
      return <FoldedText text={part.text} />;
    case "reasoning":
      return <p className="text-xs text-muted italic">Reasoning, {part.text.length.toLocaleString("en")} characters</p>;
    case "call":
      return (
        <p className="flex min-w-0 items-center gap-1.5 text-xs text-muted">
          <Wrench aria-hidden size={12} className="shrink-0" />
          <code className="truncate">
            {part.name}({shortJson(part.arguments)})
          </code>
        </p>
      );
    case "result":
      return <code className="truncate text-xs text-muted">→ {shortJson(part.result)}</code>;
    case "media":
      return <p className="text-xs text-muted">{part.label}</p>;
    case "other":
      return <code className="truncate text-xs text-muted">{shortJson(part.value)}</code>;
    default:
      return part satisfies never;
  }
}

const shortJson = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 200);
