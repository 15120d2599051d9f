import { Link } from "@tanstack/react-router";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatCompact, formatDuration, formatMoney } from "../../../../components/text/format.ts";
import type { Run } from "../shared/use-experiments.ts";
import type { RunItem } from "../shared/use-runs.ts";

type Result = RunItem["results"][number];

/** A run's answers to an item, one per repeat, with metrics and links to the trace and the prompt. */
export function AnswerView({ run, results }: { run: Run; results: readonly Result[] }) {
  const prompt = run.variant?.prompt;
  return (
    <section aria-label={`Answer of ${run.name}`} className="card min-w-0">
      <h3 className="flex flex-wrap items-baseline gap-x-2 px-3 pt-2 font-medium">
        <span className="[overflow-wrap:anywhere]">{run.name}</span>
        {prompt && (
          <Link
            to="/prompts/$name"
            params={{ name: prompt.name }}
            search={{ version: String(prompt.version) }}
            className="num text-xs font-normal text-accent underline underline-offset-2"
          >
            {prompt.name} v{prompt.version}
          </Link>
        )}
      </h3>
      {results.length === 0 && <p className="px-3 pb-3 text-muted">No answer.</p>}
      {results.map((result) => (
        <div key={result.repeat} className="border-line px-3 py-2 not-first-of-type:border-t">
          {results.length > 1 && <p className="num text-xs text-muted">Answer {result.repeat + 1}</p>}
          {result.state === "diverged" && (
            <p className="text-warn [overflow-wrap:anywhere]">● {result.error?.message ?? "The replay diverged."}</p>
          )}
          {result.state === "error" ? (
            <p className="text-bad [overflow-wrap:anywhere]">
              ● {result.error?.message ?? "The provider failed."} <code className="text-xs">{result.error?.code}</code>
            </p>
          ) : (
            <Answer result={result} />
          )}
          <Numbers result={result} />
        </div>
      ))}
    </section>
  );
}

function Answer({ result: { output, message } }: { result: Result }) {
  if (output !== "") return <FoldedText text={output} />;
  if (message === null) return <p className="text-muted italic">empty</p>;
  return <JsonView value={message} label="Answer" />;
}

function Numbers({ result }: { result: Result }) {
  const { latencyMs, costUsd, inputTokens, outputTokens, isCached, traceId, spanId } = result;
  const facts = [
    latencyMs === null ? "" : formatDuration(latencyMs),
    inputTokens === null || outputTokens === null
      ? ""
      : `${formatCompact(inputTokens)} → ${formatCompact(outputTokens)} tokens`,
    costUsd === null ? "" : formatMoney(costUsd),
    isCached ? "cached answer" : "",
  ].filter(Boolean);
  return (
    <p className="num mt-1 flex flex-wrap gap-x-3 text-xs text-muted">
      {facts.join(" · ")}
      {traceId && (
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          search={spanId ? { span: spanId } : {}}
          className="ml-auto text-accent underline underline-offset-2"
        >
          Open trace
        </Link>
      )}
    </p>
  );
}
