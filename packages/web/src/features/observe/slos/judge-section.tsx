import { Link } from "@tanstack/react-router";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf } from "../../../components/text/format.ts";
import { type EstimateRow, estimatesOf, judgeVerdict } from "./judge-words.ts";
import { formatBudget, sharePercent } from "./slo-words.ts";
import type { Slo, SloJudge } from "./use-slos.ts";

/** What the scores of a judge say of all requests, without the judge's errors. */
export function JudgeSection({ slo }: { slo: Slo }) {
  const { judge } = slo;
  if (judge === null) return null;
  const verdict = judgeVerdict(slo);
  return (
    <Section
      title="Without the judge's errors"
      description="A judge scores a sample of the requests, and makes errors. So the share of good requests that it finds is biased. The error budget, the state and the alerts use the judged requests as they are."
      className="overflow-hidden"
    >
      <PlainTable
        label="Estimates"
        columns={COLUMNS}
        rows={estimatesOf(slo.status, judge)}
        idOf={({ label }) => label}
      />
      <div className="flex flex-col gap-2 px-4 py-3 text-sm">
        {verdict && <p className="font-medium">{verdict}</p>}
        <Basis judge={judge} />
        {judge.warnings.map((warning) => (
          <p key={warning} className="text-warn">
            {warning}
          </p>
        ))}
      </div>
    </Section>
  );
}

const COLUMNS: readonly PlainColumn<EstimateRow>[] = [
  {
    id: "label",
    header: "Requests",
    className: "w-full align-top",
    cell: ({ label, note }) => (
      <span className="flex flex-col gap-0.5 py-1">
        <span className="font-medium">{label}</span>
        <span className="text-xs text-pretty text-muted">{note}</span>
      </span>
    ),
  },
  {
    id: "good",
    header: "Good",
    isNumber: true,
    className: "align-top",
    cell: ({ share }) => (
      <span className="flex flex-col items-end py-1 whitespace-nowrap">
        <span className={share ? "font-medium" : "text-muted"}>
          {share ? sharePercent(share.good, share.lower, share.upper) : "–"}
        </span>
        {share && (
          <span className="text-xs text-muted">
            {sharePercent(share.lower, share.lower, share.upper)} to{" "}
            {sharePercent(share.upper, share.lower, share.upper)}
          </span>
        )}
      </span>
    ),
  },
  {
    id: "budget",
    header: "Budget left",
    isNumber: true,
    isWide: true,
    className: "align-top",
    cell: ({ share }) => (
      <span className="flex flex-col items-end py-1 whitespace-nowrap">
        <span className={share ? "" : "text-muted"}>{formatBudget(share?.budgetLeft ?? null)}</span>
        {share && (
          <span className="text-xs text-muted">
            {formatBudget(share.budgetLower)} to {formatBudget(share.budgetUpper)}
          </span>
        )}
      </span>
    ),
  },
];

/** Where the judge's errors were measured. */
function Basis({ judge: { basis } }: { judge: SloJudge }) {
  // The table states the reason.
  if (basis === null) return null;
  const { kind, sourceId, scorerId, version, pairs } = basis;
  const look = "underline decoration-line-strong underline-offset-2 hover:text-text";
  return (
    <p className="text-muted">
      The judge's errors were measured on {formatNumberOf(pairs, "labeled answer")}
      {kind === "live-agreement" && " of the last 30 days"}:{" "}
      {scorerId === null ? (
        <Link to="/scorers/live" className={look}>
          agreement with people
        </Link>
      ) : (
        <Link
          to="/scorers/$scorerId"
          params={{ scorerId }}
          search={{ tab: "calibration", calibration: sourceId }}
          className={look}
        >
          calibration of version {formatCount(version ?? 1)}
        </Link>
      )}
      .
    </p>
  );
}
