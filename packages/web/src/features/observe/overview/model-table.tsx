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
import type { Looked, Overview } from "./use-overview.ts";

type ModelRow = Overview["models"][number];
type TableProps = { overview: Overview | undefined; looked: Looked };

const keyOf = ({ provider, model }: ModelRow) => `${provider}/${model}`;

/** The same numbers by model; a row opens its calls. */
export function ModelTable({ overview, looked: { filter, range } }: TableProps) {
  const navigate = useNavigate();
  const most = Math.max(1, ...(overview?.models ?? []).map(({ requests }) => requests));
  const before = overview?.before && new Map(overview.before.models.map((row) => [keyOf(row), row]));
  const searchOf = (row: ModelRow) => ({
    ...filter,
    ...range,
    view: "spans",
    model: row.model,
    provider: row.provider || undefined,
  });
  const columns: readonly PlainColumn<ModelRow>[] = [
    {
      id: "model",
      header: "Model",
      className: "min-w-48",
      cell: (row) => (
        <Link
          to="/traces"
          search={searchOf(row)}
          onClick={(event) => event.stopPropagation()}
          className="font-medium hover:underline"
        >
          {row.model || "(none)"}
        </Link>
      ),
    },
    PROVIDER,
    {
      id: "requests",
      header: <span className={before ? `${CHANGE_HEAD} max-md:pr-0` : ""}>Model calls</span>,
      isNumber: true,
      cell: (row) => <Requests row={row} most={most} before={before} />,
    },
    ...MEASURES,
    {
      id: "cost",
      header: <span className={before ? CHANGE_HEAD : ""}>Cost</span>,
      isNumber: true,
      cell: (row) => (
        <>
          <Cost row={row} />
          <RowChange row={row} before={before} measure="costUsd" write={formatMoney} />
        </>
      ),
    },
  ];
  return (
    <PlainTable
      label="By model"
      columns={columns}
      rows={overview?.models}
      idOf={keyOf}
      onOpen={(row) => void navigate({ to: "/traces", search: searchOf(row) })}
    />
  );
}

const PROVIDER: PlainColumn<ModelRow> = {
  id: "provider",
  header: "Provider",
  cell: ({ provider }) => <span className="text-muted">{provider}</span>,
  isWide: true,
};

/** The columns without a comparison. */
const MEASURES: readonly PlainColumn<ModelRow>[] = [
  {
    id: "errors",
    header: "Errors",
    isNumber: true,
    cell: ({ errors, requests }) => <ErrorShare errors={errors} requests={requests} />,
  },
  {
    id: "p50",
    header: "p50",
    isNumber: true,
    cell: ({ latencyP50Ms }) => formatDuration(latencyP50Ms),
    isWide: true,
  },
  {
    id: "p95",
    header: "p95",
    isNumber: true,
    cell: ({ latencyP95Ms }) => formatDuration(latencyP95Ms),
    isWide: true,
  },
  {
    id: "ttft",
    header: "First token p50",
    isNumber: true,
    cell: ({ timeToFirstTokenP50Ms }) => formatDuration(timeToFirstTokenP50Ms),
    isWide: true,
  },
  {
    id: "in",
    header: "Tokens in",
    isNumber: true,
    cell: ({ inputTokens }) => formatCompact(inputTokens),
    isWide: true,
  },
  {
    id: "out",
    header: "Tokens out",
    isNumber: true,
    cell: ({ outputTokens }) => formatCompact(outputTokens),
    isWide: true,
  },
];

/** The rows of the previous period; undefined without a comparison. */
type Before = ReadonlyMap<string, ModelRow> | undefined;

/** The number of calls, as a bar and in digits. */
function Requests({ row, most, before }: { row: ModelRow; most: number; before: Before }) {
  return (
    <span className="inline-flex w-full items-center justify-end gap-2">
      <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-raised max-lg:hidden">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${Math.max(2, (row.requests / most) * 100)}%` }}
        />
      </span>
      <span className={before ? "" : "min-w-12"}>
        {formatCount(row.requests)}
        <RowChange row={row} before={before} measure="requests" write={formatCount} />
      </span>
    </span>
  );
}

type ChangeProps = {
  row: ModelRow;
  before: Before;
  measure: "requests" | "costUsd";
  write: (value: number) => string;
};

/** How a number of a model has changed since the previous period. */
function RowChange({ row, before, measure, write }: ChangeProps) {
  if (!before) return null;
  const value = before.get(keyOf(row))?.[measure] ?? null;
  return (
    <ChangeText
      change={describeChange({ before: value, now: row[measure], better: undefined })}
      before={value === null ? undefined : `previously ${write(value)}`}
      className={measure === "requests" ? "max-md:hidden" : ""}
    />
  );
}

function ErrorShare({ errors, requests }: { errors: number; requests: number }) {
  if (errors === 0) return <span className="text-muted">0</span>;
  return (
    <>
      {formatCount(errors)} <span className="text-muted">({formatPercent(errors / requests)})</span>
    </>
  );
}

/** A model without a price is marked, so that it does not look free. */
function Cost({ row }: { row: ModelRow }) {
  if (row.requests > 0 && row.unpricedRequests === row.requests) {
    return (
      <Link
        to="/models/prices"
        onClick={(event) => event.stopPropagation()}
        className="text-muted underline underline-offset-2"
      >
        no price
      </Link>
    );
  }
  return <>{formatMoney(row.costUsd)}</>;
}
