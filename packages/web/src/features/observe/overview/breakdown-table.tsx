import { Link, useNavigate } from "@tanstack/react-router";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { describeChange } from "../../../components/text/change.ts";
import { CHANGE_HEAD, ChangeText } from "../../../components/text/change-text.tsx";
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatMoney,
  formatPercent,
} from "../../../components/text/format.ts";
import { addCondition, groupCondition } from "../filter/index.ts";
import type { Breakdown } from "./overview-search.ts";
import { type BreakdownRow, CALLS, type useBreakdown } from "./use-breakdown.ts";
import type { Looked } from "./use-overview.ts";

type Metrics = ReturnType<typeof useBreakdown>["data"];
type TableProps = {
  by: Exclude<Breakdown, "model">;
  label: string;
  metrics: Metrics;
  looked: Looked;
  /** What all requests cost, in US dollars. */
  totalUsd: number;
};

const keyOf = ({ group, isOther }: BreakdownRow) => JSON.stringify([group, isOther]);
const numberOf = ({ values }: BreakdownRow, measure: string) => values[measure] ?? null;

/** Users, tags, endpoints or prompts with their calls and cost; a row opens its calls. */
export function BreakdownTable({ by, label, metrics, looked, totalUsd }: TableProps) {
  const navigate = useNavigate();
  const before = metrics?.previousRows && new Map(metrics.previousRows.map((row) => [keyOf(row), row]));
  const search = ({ group }: BreakdownRow) => {
    const conditions = [CALLS, groupCondition(by, group[by] ?? "")].filter((condition) => condition !== undefined);
    return { ...looked.range, view: "spans", filter: conditions.reduce(addCondition, looked.filter.filter ?? "") };
  };
  const change = (row: BreakdownRow, measure: string, write: (value: number) => string) => {
    if (!before) return null;
    const earlier = before.get(keyOf(row));
    const value = earlier ? numberOf(earlier, measure) : null;
    return (
      <ChangeText
        change={describeChange({ before: value, now: numberOf(row, measure), better: undefined })}
        before={value === null ? undefined : `previously ${write(value)}`}
        className={measure === "requests" ? "max-md:hidden" : ""}
      />
    );
  };
  const columns: readonly PlainColumn<BreakdownRow>[] = [
    {
      id: by,
      header: label,
      className: "max-w-60 md:max-w-100",
      cell: (row) => <Name row={row} by={by} search={search(row)} />,
    },
    {
      id: "requests",
      header: <span className={before ? `${CHANGE_HEAD} max-md:pr-0` : ""}>Model calls</span>,
      isNumber: true,
      cell: (row) => (
        <>
          {formatCount(numberOf(row, "requests") ?? 0)}
          {change(row, "requests", formatCount)}
        </>
      ),
    },
    { id: "errors", header: "Errors", isNumber: true, isWide: true, cell: (row) => <Errors row={row} /> },
    {
      id: "p50",
      header: "p50",
      isNumber: true,
      isWide: true,
      cell: (row) => formatDuration(numberOf(row, "latencyP50Ms")),
    },
    {
      id: "p95",
      header: "p95",
      isNumber: true,
      isWide: true,
      cell: (row) => formatDuration(numberOf(row, "latencyP95Ms")),
    },
    {
      id: "in",
      header: "Tokens in",
      isNumber: true,
      isWide: true,
      cell: (row) => formatCompact(numberOf(row, "inputTokens") ?? 0),
    },
    {
      id: "out",
      header: "Tokens out",
      isNumber: true,
      isWide: true,
      cell: (row) => formatCompact(numberOf(row, "outputTokens") ?? 0),
    },
    {
      id: "cost",
      header: <span className={before ? CHANGE_HEAD : ""}>Cost</span>,
      isNumber: true,
      cell: (row) => (
        <>
          {formatMoney(numberOf(row, "costUsd"))}
          {change(row, "costUsd", formatMoney)}
        </>
      ),
    },
    {
      id: "share",
      header: "Share of cost",
      isNumber: true,
      isWide: true,
      className: "w-44",
      cell: (row) => totalUsd > 0 && !row.isOther && <Share part={(numberOf(row, "costUsd") ?? 0) / totalUsd} />,
    },
  ];
  if (metrics && metrics.rows.length === 0)
    return <p className="px-4 py-8 text-center text-muted">No model calls in this time range</p>;
  return (
    <PlainTable
      label={`By ${label.toLowerCase()}`}
      columns={columns}
      rows={metrics?.rows}
      idOf={keyOf}
      onOpen={(row) => !row.isOther && void navigate({ to: "/traces", search: search(row) })}
    />
  );
}

type NameProps = { row: BreakdownRow; by: Breakdown; search: { view: string; filter: string } };

function Name({ row, by, search }: NameProps) {
  if (row.isOther) return <span className="text-muted">all others</span>;
  const value = row.group[by] ?? "";
  return (
    <Link
      to="/traces"
      search={search}
      onClick={(event) => event.stopPropagation()}
      title={value}
      className={`block truncate hover:underline ${value === "" ? "text-muted" : "font-medium"}`}
    >
      {value === "" ? `without a ${by}` : value}
    </Link>
  );
}

function Errors({ row }: { row: BreakdownRow }) {
  const errors = numberOf(row, "errors") ?? 0;
  if (errors === 0) return <span className="text-muted">0</span>;
  return (
    <>
      {formatCount(errors)} <span className="text-muted">({formatPercent(errors / Math.max(1, row.n))})</span>
    </>
  );
}

/**
 * How much of the whole cost it is, as a bar and in percent. A span may have several tags, so tags can add up to more.
 */
function Share({ part }: { part: number }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-raised">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${Math.min(100, part * 100)}%` }} />
      </span>
      <span className="w-10 text-xs text-muted">{formatPercent(part)}</span>
    </span>
  );
}
