import { Link, useNavigate } from "@tanstack/react-router";
import { formatCompact, formatCount, formatDuration, formatMoney, formatPercent } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import type { RangeSearch } from "../../components/time-range.ts";
import type { TraceFilter } from "../filter/index.ts";
import type { Overview } from "./use-overview.ts";

type ModelRow = Overview["models"][number];
type TableProps = { overview: Overview | undefined; filter: TraceFilter; range: RangeSearch };

/** The same numbers by model; a row opens its calls. */
export function ModelTable({ overview, filter, range }: TableProps) {
  const navigate = useNavigate();
  const most = Math.max(1, ...(overview?.models ?? []).map(({ requests }) => requests));
  const search = (row: ModelRow) => ({
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
          search={search(row)}
          onClick={(event) => event.stopPropagation()}
          className="font-medium hover:underline"
        >
          {row.model || "(none)"}
        </Link>
      ),
    },
    {
      id: "provider",
      header: "Provider",
      cell: ({ provider }) => <span className="text-muted">{provider}</span>,
      isWide: true,
    },
    {
      id: "requests",
      header: "Requests",
      isNumber: true,
      cell: ({ requests }) => (
        <span className="inline-flex w-full items-center justify-end gap-2">
          <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-raised max-lg:hidden">
            <span
              className="block h-full rounded-full bg-accent"
              style={{ width: `${Math.max(2, (requests / most) * 100)}%` }}
            />
          </span>
          {formatCount(requests)}
        </span>
      ),
    },
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
    { id: "cost", header: "Cost", isNumber: true, cell: (row) => <Cost row={row} /> },
  ];
  return (
    <Section title="By model">
      <PlainTable
        label="By model"
        columns={columns}
        rows={overview?.models}
        idOf={(row) => `${row.provider}/${row.model}`}
        onOpen={(row) => void navigate({ to: "/traces", search: search(row) })}
      />
    </Section>
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

/** A model without a price says so instead of looking free. */
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
