import { Link } from "@tanstack/react-router";
import { DatabaseZap, ExternalLink, Text } from "lucide-react";
import { lazy, type ReactNode, type RefObject, Suspense, useLayoutEffect, useRef, useState } from "react";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { formatCount, formatDuration, formatMoney } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Run } from "../runs/run-chat.ts";
import type { Asked } from "../state/fill-request.ts";
import { AnswerText, PlainText } from "./answer-text.tsx";
import { Validity } from "./row-cell.tsx";
import { SaveItem } from "./save-item.tsx";

const Markdown = lazy(() =>
  import("../../../../components/content/markdown.tsx").then((module) => ({ default: module.Markdown })),
);

type ViewProps = {
  run: Run | undefined;
  model: string;
  /** The answer of the first column, where only differences are wanted. */
  base: string | undefined;
  /** Whether something was changed since. */
  isOld: boolean;
  /** The current request; saving an answer as a dataset item includes it. */
  ask: Asked;
};

/** The streaming answer as plain text; Markdown only on request. Numbers and the trace are below it. */
export function AnswerView({ run, model, base, isOld, ask }: ViewProps) {
  const [isMarkdown, setIsMarkdown] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const { can } = useProject();
  const box = useRef<HTMLDivElement>(null);
  useFollow(box, run);
  if (!run) return <p className="grow p-3 text-muted">The answer appears here.</p>;
  return (
    <>
      <div
        ref={box}
        className="group/answer relative min-h-0 grow overflow-y-auto p-3"
        aria-live="polite"
        aria-busy={run.state === "running"}
      >
        {isMarkdown ? (
          <Suspense fallback={<PlainText text={run.text} />}>
            <Markdown text={run.text} />
          </Suspense>
        ) : (
          <AnswerText run={run} base={base} />
        )}
        {run.text && (
          <div className="absolute top-2 right-2 flex rounded-control bg-panel max-md:static max-md:mt-2 group-focus-within/answer:opacity-100 group-hover/answer:opacity-100 md:opacity-0">
            {can("datasets:write") && run.state === "done" && (
              <IconButton size="small" label="Save as a dataset item" onClick={() => setIsSaving(true)}>
                <DatabaseZap size={14} />
              </IconButton>
            )}
            <IconButton
              size="small"
              label={isMarkdown ? "Show as plain text" : "Show as Markdown"}
              aria-pressed={isMarkdown}
              onClick={() => setIsMarkdown(!isMarkdown)}
            >
              <Text size={14} />
            </IconButton>
            <CopyButton text={run.text} label="Copy answer" />
          </div>
        )}
      </div>
      <AnswerNumbers run={run} model={model} isOld={isOld} />
      {isSaving && <SaveItem run={run} ask={ask} close={() => setIsSaving(false)} />}
    </>
  );
}

/** Scrolls to the newest text while it streams, unless the user has scrolled up. */
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

/** Tokens and times as this browser saw them, and the cost once the trace holds it. */
function AnswerNumbers({ run, model, isOld }: Pick<ViewProps, "model" | "isOld"> & { run: Run }) {
  const notes = [
    run.answeredBy && model && run.answeredBy !== model && `by ${run.answeredBy}`,
    run.state === "stopped" && "stopped",
    run.finish === "length" && "cut off at max tokens",
    run.attempts !== undefined && run.attempts > 1 && `${run.attempts} attempts`,
    isOld && "outdated",
  ].filter(Boolean);
  // A call that was rejected before it started has no measurements.
  if (run.error && !run.traceId && run.durationMs === undefined) return null;
  return (
    <footer className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 border-line border-t px-3 py-1.5 text-xs text-muted">
      <Measure label="First token" value={formatDuration(run.firstTokenMs ?? null)} />
      <Measure label="Total" value={formatDuration(run.durationMs ?? null)} />
      <Measure label="Tokens" value={`${count(run.inputTokens)} → ${count(run.outputTokens)}`} />
      <Measure label="Cost" value={formatMoney(run.costUsd ?? null)} />
      {run.problems && <Validity problems={run.problems} />}
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
