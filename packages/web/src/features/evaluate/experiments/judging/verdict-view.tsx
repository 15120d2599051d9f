import { Link } from "@tanstack/react-router";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import type { PairVerdict } from "./use-judgings.ts";

type ViewProps = { verdict: PairVerdict; nameOf: (id: string) => string };

/** One item: both answers, and the judge's full response in each order. */
export function VerdictView({ verdict, nameOf }: ViewProps) {
  const { base, head, inputs, baseOutput, headOutput, winner, state, reason, isSame, isCached, calls } = verdict;
  const better = winner === "tie" ? "tie" : winner === null ? state : nameOf(winner === "head" ? head : base);
  return (
    <div className="flex flex-col gap-4">
      <p>
        <span className="text-muted">Better answer:</span> <span className="font-semibold">{better}</span>
        {isCached && <span className="text-muted"> (from an earlier comparison)</span>}
        {isSame && <span className="text-muted"> (equal answers, no judge call)</span>}
        {reason && !isSame && <span className="block [overflow-wrap:anywhere]">{reason}</span>}
      </p>
      <section aria-label="Input">
        <h3 className="mb-1 text-xs text-muted">Input</h3>
        <JsonView value={inputs ?? {}} label="Inputs" />
      </section>
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <Text title={`${nameOf(base)} (base)`} text={baseOutput} isBetter={winner === "base"} />
        <Text title={nameOf(head)} text={headOutput} isBetter={winner === "head"} />
      </div>
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        {calls.map((call) => (
          <Call key={call.first} call={call} base={base} head={head} nameOf={nameOf} />
        ))}
      </div>
    </div>
  );
}

function Text({ title, text, isBetter }: { title: string; text: string | null; isBetter: boolean }) {
  return (
    <section aria-label={title} className={`card min-w-0 p-3 ${isBetter ? "border-good" : ""}`}>
      <h3 className="mb-1 text-xs text-muted">
        {title}
        {isBetter && <span className="text-good"> ● better</span>}
      </h3>
      {text === null ? <p className="text-muted">The run was deleted.</p> : <FoldedText text={text || "(empty)"} />}
    </section>
  );
}

type CallProps = Pick<ViewProps, "nameOf"> & {
  call: PairVerdict["calls"][number];
  base: string;
  head: string;
};

function Call({ call: { first, better, rawAnswer, parseStatus, traceId, spanId }, base, head, nameOf }: CallProps) {
  const runOf = (side: "base" | "head") => nameOf(side === "base" ? base : head);
  const said = better === null ? parseStatus || "no verdict" : better === "tie" ? "tie" : runOf(better);
  return (
    <section aria-label={`${runOf(first)} first`} className="min-w-0">
      <h3 className="mb-1 flex flex-wrap justify-between gap-x-3 text-xs text-muted">
        <span>
          {runOf(first)} first (as A): <span className="font-medium text-text">{said}</span>
        </span>
        {traceId && (
          <Link
            to="/traces/$traceId"
            params={{ traceId }}
            search={spanId ? { span: spanId } : {}}
            className="text-accent underline underline-offset-2"
          >
            Open trace
          </Link>
        )}
      </h3>
      <pre className="max-h-60 overflow-auto rounded-control bg-raised p-2 text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
        {rawAnswer || "(nothing)"}
      </pre>
    </section>
  );
}
