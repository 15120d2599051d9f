import { Link } from "@tanstack/react-router";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { FEW } from "../../../components/text/change.ts";
import {
  changeBetween,
  formatCompact,
  formatDuration,
  formatMoney,
  formatPercent,
} from "../../../components/text/format.ts";
import type { RangeSearch } from "../../../components/time/time-range.ts";
import { addCondition, type TraceFilter } from "../filter/index.ts";
import { CALLS } from "./use-breakdown.ts";
import type { Overview, Totals } from "./use-overview.ts";

type Tile = {
  label: string;
  value: (totals: Totals) => string;
  /** What the change is measured on; null when there is nothing to measure. */
  measure: (totals: Totals) => number | null;
  note?: (totals: Totals) => string;
  /** Whether more of it is worse, so that a rise is marked. */
  isWorseWhenMore?: boolean;
  search?: Record<string, string>;
};

const errorRate = ({ requests, errors }: Totals) => (requests > 0 ? errors / requests : null);
const p95 = (ms: number | null) => (ms === null ? "" : `p95 ${formatDuration(ms)}`);
const share = (value: number | null) => (value === null ? "–" : formatPercent(value));

const TILES: readonly Tile[] = [
  { label: "Model calls", value: ({ requests }) => formatCompact(requests), measure: ({ requests }) => requests },
  {
    label: "Call error rate",
    value: (totals) => share(errorRate(totals)),
    measure: errorRate,
    note: ({ errors }) => (errors > 0 ? `${formatCompact(errors)} failed` : ""),
    isWorseWhenMore: true,
    search: { status: "error", view: "spans" },
  },
  {
    label: "Call latency p50",
    value: ({ latencyP50Ms }) => formatDuration(latencyP50Ms),
    measure: ({ latencyP50Ms }) => latencyP50Ms,
    note: ({ latencyP95Ms }) => p95(latencyP95Ms),
    isWorseWhenMore: true,
    search: { view: "spans", order: "durationMs" },
  },
  {
    label: "First token p50",
    value: ({ timeToFirstTokenP50Ms }) => formatDuration(timeToFirstTokenP50Ms),
    measure: ({ timeToFirstTokenP50Ms }) => timeToFirstTokenP50Ms,
    note: ({ timeToFirstTokenP95Ms }) => p95(timeToFirstTokenP95Ms),
    isWorseWhenMore: true,
    search: { view: "spans", order: "timeToFirstTokenMs" },
  },
  {
    label: "Tokens",
    value: ({ inputTokens, outputTokens }) => formatCompact(inputTokens + outputTokens),
    measure: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
    note: ({ inputTokens, outputTokens }) =>
      inputTokens + outputTokens > 0 ? `${formatCompact(inputTokens)} in, ${formatCompact(outputTokens)} out` : "",
  },
  {
    label: "Cost",
    value: ({ costUsd }) => formatMoney(costUsd),
    measure: ({ costUsd }) => costUsd,
    note: ({ unpricedRequests }) => (unpricedRequests > 0 ? `${formatCompact(unpricedRequests)} without a price` : ""),
    search: { view: "spans", order: "costUsd" },
  },
];

type KeyNumbersProps = { overview: Overview | undefined; previous: string; range: RangeSearch; filter: TraceFilter };

/** The six numbers of the page, each against the same length of time just before. A click opens the calls behind it. */
export function KeyNumbers({ overview, previous, range, filter }: KeyNumbersProps) {
  return (
    <ul className="card grid grid-cols-6 overflow-hidden max-[1240px]:grid-cols-3 max-sm:grid-cols-2">
      {TILES.map((tile) => (
        <li key={tile.label} className="-mt-px -ml-px border-line border-t border-l">
          <Link
            to="/traces"
            search={{ ...range, filter: addCondition(filter.filter ?? "", CALLS), ...tile.search }}
            className="block h-full px-4 py-3 hover:bg-raised focus-visible:-outline-offset-2"
          >
            <span className="block text-muted">{tile.label}</span>
            {overview ? (
              <>
                <span className="num mt-0.5 block text-2xl font-semibold tracking-tight">
                  {tile.value(overview.totals)}
                </span>
                <span className="num mt-1 flex min-h-4.5 flex-wrap gap-x-2 text-xs text-muted">
                  <Change tile={tile} overview={overview} previous={previous} />
                  {tile.note?.(overview.totals) && (
                    <span className="whitespace-nowrap">{tile.note(overview.totals)}</span>
                  )}
                </span>
              </>
            ) : (
              <>
                <Skeleton className="mt-1.5 h-6 w-20" />
                <Skeleton className="mt-2 h-3 w-28" />
              </>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** A smaller change, or one of a few requests, is as good as none. */
const TELLING = 0.05;

/** The change in percent with an arrow; a rise of what should stay low is marked, everything else stays neutral. */
function Change({ tile, overview, previous }: { tile: Tile; overview: Overview; previous: string }) {
  const before = tile.measure(overview.previous);
  const change = changeBetween(before, tile.measure(overview.totals));
  if (overview.previous.requests === 0) return null;
  if (change === null)
    return tile.measure(overview.totals) ? <span title={`No data in ${previous} to compare with`}>new</span> : null;
  const isFlat = Math.abs(change) < 0.005;
  const isTelling =
    Math.abs(change) >= TELLING && Math.min(overview.totals.requests, overview.previous.requests) >= FEW;
  const tone = !isTelling || !tile.isWorseWhenMore ? "" : change > 0 ? "text-bad" : "text-good";
  const size = Math.abs(change) >= 10 ? `${formatCompact(Math.abs(change) + 1)}×` : formatPercent(Math.abs(change));
  return (
    <span title={`${tile.value(overview.previous)} in ${previous}`} className={`whitespace-nowrap ${tone}`}>
      {isFlat ? "= unchanged" : `${change > 0 ? "▲" : "▼"} ${size}`}
      <span className="sr-only">
        {isFlat ? "" : change > 0 ? " more" : " less"} than {previous}
      </span>
    </span>
  );
}
