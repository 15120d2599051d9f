import type { ReactNode } from "react";
import { formatCount } from "../../../components/text/format.ts";
import { exhaustionWords, formatBudget, sharePercent } from "./slo-words.ts";
import type { Slo, SloStatus } from "./use-slos.ts";

type TilesProps = { status: SloStatus; indicator: Slo["indicator"] };

/** The present numbers of an SLO, each with its interval and its count. */
export function SloTiles({ status, indicator }: TilesProps) {
  const { good, lower, upper, n, requests, bad, badLeft, allowedBad, budgetLeft, budgetLower, budgetUpper } = status;
  const interval =
    lower === null ? "" : `95% interval ${sharePercent(lower, lower, upper)} to ${sharePercent(upper, lower, upper)}. `;
  const of = n === requests ? "" : ` of ${formatCount(requests)} requests`;
  return (
    <dl className="grid grid-cols-4 gap-4 max-xl:grid-cols-2 max-sm:grid-cols-1">
      <Tile label="Good requests" value={sharePercent(good, lower, upper)}>
        {interval}
        {formatCount(n)} {indicator.kind === "score" ? "judged" : "counted"}
        {of}.
      </Tile>
      <Tile label="Error budget left" value={formatBudget(budgetLeft)}>
        {budgetLower !== null && `95% interval ${formatBudget(budgetLower)} to ${formatBudget(budgetUpper)}.`}
      </Tile>
      <Tile label="Bad requests still allowed" value={n === 0 ? "–" : formatCount(Math.max(0, Math.floor(badLeft)))}>
        {formatCount(bad)} bad, {formatCount(Math.floor(allowedBad))} allowed for {formatCount(n)}.
      </Tile>
      <Tile label="Budget used up" value={exhaustionWords(status)} isText>
        {status.exhaustedInHours !== null && "At the burn rate of the last 6 hours."}
      </Tile>
    </dl>
  );
}

type TileProps = { label: string; value: string; isText?: boolean; children: ReactNode };

const Tile = ({ label, value, isText = false, children }: TileProps) => (
  <div className="card flex flex-col gap-1 px-4 py-3">
    <dt className="text-sm text-muted">{label}</dt>
    <dd className={`num font-semibold ${isText ? "text-base" : "text-xl"}`}>{value}</dd>
    <dd className="text-xs text-muted">{children}</dd>
  </div>
);
