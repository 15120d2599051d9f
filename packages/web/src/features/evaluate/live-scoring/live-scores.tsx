import { Link } from "@tanstack/react-router";
import { SCORE_STATES, type ScoreState } from "@treadle/contract";
import { useState } from "react";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { Select } from "../../../components/form/field.tsx";
import { Dialog } from "../../../components/overlay/dialog.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { ScoreRates } from "../scorers/index.ts";
import { type LiveRule, type LiveScore, useLiveScores } from "./use-live-rules.ts";

const WORDS: Readonly<Record<ScoreState, string>> = { scored: "Scored", undefined: "No score", failed: "Failed" };

const COLUMNS: readonly PlainColumn<LiveScore>[] = [
  {
    id: "span",
    header: "Span",
    cell: ({ traceId, spanId }) => (
      <Link
        to="/traces/$traceId"
        params={{ traceId }}
        search={{ span: spanId }}
        className="underline underline-offset-2"
      >
        <code className="text-xs">{spanId.slice(0, 8)}</code>
      </Link>
    ),
  },
  { id: "name", header: "Score", className: "min-w-20 md:min-w-28 [overflow-wrap:anywhere]", cell: ({ name }) => name },
  {
    id: "value",
    header: "Value",
    isNumber: true,
    cell: ({ state, value, label }) =>
      state === "scored" ? (
        (label ?? Number(value?.toFixed(3)))
      ) : (
        <span className={state === "failed" ? "text-bad" : "text-muted"}>{WORDS[state].toLowerCase()}</span>
      ),
  },
  {
    id: "reason",
    header: "Reason",
    className: "w-full",
    cell: ({ reason }) => (
      <span title={reason.slice(0, 1_000)} className="line-clamp-2 text-sm text-muted [overflow-wrap:anywhere]">
        {reason}
      </span>
    ),
  },
  { id: "when", header: "Time", isWide: true, cell: ({ scoredAt }) => <AgoCell iso={scoredAt} /> },
];

/** The spans of a rule. */
const whereOf = ({ filter, target }: LiveRule) => ({
  filter,
  ...(target === "roots" ? { rootsOnly: true } : { kind: "generation" }),
});

/** A rule's scores, newest first, with corrected rates and the reasons for missing scores. */
export function LiveScores({ rule, close }: { rule: LiveRule; close: () => void }) {
  const [state, setState] = useState<ScoreState>();
  const list = useLiveScores(rule.ruleId, state);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Dialog title={`Scores by ${rule.name}`} close={close} width="wide">
      <section aria-label="Rates" className="pb-5">
        <ScoreRates scores={rule.scoreNames} where={whereOf(rule)} />
      </section>
      <Select
        aria-label="State"
        value={state ?? ""}
        onChange={({ target }) => setState(SCORE_STATES.find((one) => one === target.value))}
        className="mb-3 w-44!"
      >
        <option value="">All states</option>
        {SCORE_STATES.map((one) => (
          <option key={one} value={one}>
            {WORDS[one]}
          </option>
        ))}
      </Select>
      {list.error && !rows ? (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The scores could not be loaded" />
      ) : rows?.length === 0 ? (
        <p className="py-6 text-center text-muted">
          {state ? "No scores with this state." : "No scores yet. A span is scored a few seconds after it arrives."}
        </p>
      ) : (
        <div className="card overflow-hidden">
          <PlainTable
            label={`Scores by ${rule.name}`}
            columns={COLUMNS}
            rows={rows}
            idOf={({ traceId, spanId, name, scoredAt }) => `${traceId} ${spanId} ${name} ${scoredAt}`}
          />
          <MoreRows list={list} />
        </div>
      )}
    </Dialog>
  );
}
