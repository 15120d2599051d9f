import { Link } from "@tanstack/react-router";
import { ExternalLink, Text } from "lucide-react";
import { lazy, type ReactNode, type RefObject, Suspense, useLayoutEffect, useRef, useState } from "react";
import { IconButton } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { FoldedText } from "../../components/folded-text.tsx";
import { formatCount, formatDuration, formatMoney } from "../../components/format.ts";
import type { Run } from "./run-chat.ts";
import { useAnswerSpan } from "./use-playground.ts";

const Markdown = lazy(() => import("../../components/markdown.tsx").then((module) => ({ default: module.Markdown })));

/** The answer as it comes, as plain text; Markdown only on request. Its numbers and its trace stand under it. */
export function AnswerView({ run, model }: { run: Run | undefined; model: string }) {
  const [isMarkdown, setIsMarkdown] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useFollow(box, run);
  if (!run) return <p className="grow p-3 text-muted">The answer will appear here.</p>;
  const isWaiting = run.state === "running" && !run.text && !run.reasoning && run.calls.length === 0;
  return (
    <>
      <div
        ref={box}
        className="group/answer relative min-h-0 grow overflow-y-auto p-3"
        aria-live="polite"
        aria-busy={run.state === "running"}
      >
        {isWaiting && <p className="animate-pulse text-muted">Waiting for the first token…</p>}
        {run.reasoning && (
          <details className="mb-2">
            <summary className="text-muted italic">Reasoning, {formatCount(run.reasoning.length)} characters</summary>
            <p className="mt-1 border-line border-l-2 pl-3 break-words whitespace-pre-wrap text-muted">
              {run.reasoning}
            </p>
          </details>
        )}
        {isMarkdown ? (
          <Suspense fallback={<PlainText text={run.text} />}>
            <Markdown text={run.text} />
          </Suspense>
        ) : (
          <PlainText text={run.text} />
        )}
        {run.calls.map((call) => (
          <pre
            key={call.id}
            className="mt-2 overflow-x-auto rounded-control border border-line bg-raised p-2 text-xs whitespace-pre-wrap"
          >
            <span className="font-semibold">{call.name}</span>({call.arguments})
          </pre>
        ))}
        {run.error && (
          <div role="alert" className="mt-2 rounded-control border border-bad/40 bg-bad-soft px-3 py-2 first:mt-0">
            <FoldedText text={run.error} most={600} />
          </div>
        )}
        {run.text && (
          <div className="absolute top-2 right-2 flex rounded-control bg-panel max-md:static max-md:mt-2 group-focus-within/answer:opacity-100 group-hover/answer:opacity-100 md:opacity-0">
            <IconButton
              size="small"
              label={isMarkdown ? "Show as plain text" : "Show as Markdown"}
              aria-pressed={isMarkdown}
              onClick={() => setIsMarkdown(!isMarkdown)}
            >
              <Text size={14} />
            </IconButton>
            <CopyButton text={run.text} label="Copy the answer" />
          </div>
        )}
      </div>
      <AnswerNumbers run={run} model={model} />
    </>
  );
}

/** Keeps the newest words in sight while they come, unless somebody has scrolled up to read. */
function useFollow(box: RefObject<HTMLDivElement | null>, run: Run | undefined) {
  const wasAtEnd = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || run?.state !== "running") return;
    if (wasAtEnd.current) element.scrollTop = element.scrollHeight;
    const watch = () => {
      wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
    };
    element.addEventListener("scroll", watch, { passive: true });
    return () => element.removeEventListener("scroll", watch);
  });
}

function PlainText({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <div className="break-words whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext]">{text}</div>
  );
}

/** Tokens, cost and times as the trace holds them; until it is stored, what this browser measured. */
function AnswerNumbers({ run, model }: { run: Run; model: string }) {
  const { data: span } = useAnswerSpan(run);
  const notes = [
    run.answeredBy && run.answeredBy !== model && `by ${run.answeredBy}`,
    run.state === "stopped" && "stopped",
    run.finish === "length" && "cut at max tokens",
    run.attempts !== undefined && run.attempts > 1 && `${run.attempts} tries`,
    span?.isCacheHit && "from the cache",
  ].filter(Boolean);
  // A call that was refused before it began has nothing that was measured.
  if (run.error && !span && !run.traceId && run.durationMs === undefined) return null;
  return (
    <footer className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 border-line border-t px-3 py-1.5 text-xs text-muted">
      <Measure label="First token" value={formatDuration(span?.timeToFirstTokenMs ?? run.firstTokenMs ?? null)} />
      <Measure label="Total" value={formatDuration(span?.durationMs ?? run.durationMs ?? null)} />
      <Measure
        label="Tokens"
        value={`${count(span?.inputTokens ?? run.inputTokens)} → ${count(span?.outputTokens ?? run.outputTokens)}`}
      />
      <Measure label="Cost" value={span ? formatMoney(span.costUsd) : "–"} />
      {notes.length > 0 && (
        <span className="min-w-0 truncate" title={notes.join(", ")}>
          {notes.join(", ")}
        </span>
      )}
      {run.traceId && run.state !== "running" && (
        <Link
          to="/traces/$traceId"
          params={{ traceId: run.traceId }}
          search={{ span: run.spanId }}
          className="ml-auto inline-flex items-center gap-1 text-text hover:text-accent hover:underline"
        >
          Trace <ExternalLink aria-hidden size={11} />
        </Link>
      )}
    </footer>
  );
}

const count = (tokens: number | undefined) => (tokens === undefined ? "–" : formatCount(tokens));

function Measure({ label, value }: { label: string; value: ReactNode }) {
  return (
    <span className="whitespace-nowrap">
      {label} <span className="num font-medium text-text">{value}</span>
    </span>
  );
}
