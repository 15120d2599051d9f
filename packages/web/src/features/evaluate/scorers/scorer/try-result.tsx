import { Link } from "@tanstack/react-router";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { formatValue, placeOf } from "../shared/score-value.ts";
import type { Scorer, Tried } from "../shared/use-scorers.ts";

const STATES = {
  scored: { word: "scored", look: "text-good" },
  undefined: { word: "no score", look: "text-warn" },
  failed: { word: "failed", look: "text-bad" },
} as const;

type ResultProps = { tried: Tried; output: Scorer["output"]; isOld: boolean };

/** The score of the sample with its reason, and the judge's response. */
export function TryResult({ tried, output, isOld }: ResultProps) {
  const { state, value, label, reason, details = {}, costUsd, tokens, signature } = tried;
  const place = placeOf(value, output);
  const { rawAnswer, parseStatus, traceId, spanId, isSameFamily, isSuspicious, ...rest } = details;
  return (
    <section
      aria-label="Result"
      className={`flex flex-col gap-3 border-line border-t pt-3 ${isOld ? "opacity-60" : ""}`}
    >
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="num text-2xl font-semibold">{label ?? formatValue(value, output, true)}</span>
        {label !== null && value !== null && <span className="num text-muted">{formatValue(value, output, true)}</span>}
        <span className={`text-sm ${STATES[state].look}`}>● {STATES[state].word}</span>
        <span className="num ml-auto text-xs text-muted">
          {tokens > 0 &&
            `${formatNumberOf(tokens, "token")}, ${costUsd === null ? "unknown cost" : formatMoney(costUsd)}`}
        </span>
      </div>
      {place !== undefined && (
        <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
          <div className="h-full rounded-full bg-accent" style={{ width: `${place * 100}%` }} />
        </div>
      )}
      {reason && <FoldedText text={reason} />}
      <Warnings isSameFamily={isSameFamily === true} isSuspicious={isSuspicious === true} />
      {typeof rawAnswer === "string" && (
        <div>
          <h3 className="mb-1 flex flex-wrap items-baseline gap-x-2 text-xs text-muted">
            Judge response
            {typeof parseStatus === "string" && <span>parsed as: {parseStatus}</span>}
            {typeof traceId === "string" && (
              <Link
                to="/traces/$traceId"
                params={{ traceId }}
                search={typeof spanId === "string" ? { span: spanId } : {}}
                className="ml-auto text-accent underline underline-offset-2"
              >
                Open trace
              </Link>
            )}
          </h3>
          <FoldedText
            text={rawAnswer || "(nothing)"}
            className="rounded-control border border-line bg-raised px-3 py-2 font-mono text-xs"
          />
        </div>
      )}
      {Object.keys(rest).length > 0 && (
        <details>
          <summary className="text-xs text-muted">More details</summary>
          <div className="mt-1">
            <JsonView value={rest} label="Score details" />
          </div>
        </details>
      )}
      <p className="text-xs text-muted [overflow-wrap:anywhere]">
        <code>{signature}</code>
      </p>
    </section>
  );
}

function Warnings({ isSameFamily, isSuspicious }: { isSameFamily: boolean; isSuspicious: boolean }) {
  if (!isSameFamily && !isSuspicious) return null;
  return (
    <ul className="rounded-control bg-warn-soft px-3 py-2 text-sm">
      {isSameFamily && <li>The judge and the answering model are of the same family, so the judge may be biased.</li>}
      {isSuspicious && <li>The answer addresses the judge and may try to influence its score.</li>}
    </ul>
  );
}
