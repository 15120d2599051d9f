import { Link, useNavigate } from "@tanstack/react-router";
import { AgoCell } from "../../components/cells.tsx";
import { formatCount, formatMoney } from "../../components/format.ts";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { useRowKeys } from "../../components/row-keys.ts";
import { Verdict } from "../experiments/index.ts";
import { formatValue } from "../scorers/index.ts";
import { OptimisationStatus } from "./optimisation-status.tsx";
import type { Listed } from "./use-optimisations.ts";
import { METHODS } from "./words.ts";

/** Searches with what they came to; j and k move through them. */
export function OptimisationTable({ rows }: { rows: readonly Listed[] | undefined }) {
  const navigate = useNavigate();
  const box = useRowKeys("Optimisations");
  return (
    <div ref={box}>
      <PlainTable
        label="Optimisations"
        columns={COLUMNS}
        rows={rows}
        idOf={({ optimisationId }) => optimisationId}
        onOpen={({ optimisationId }) =>
          void navigate({ to: "/optimisations/$optimisationId", params: { optimisationId } })
        }
      />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Listed>[] = [
  { id: "name", header: "Name", className: "w-full min-w-32", cell: (row) => <NameCell row={row} /> },
  { id: "status", header: "Status", cell: ({ status }) => <OptimisationStatus status={status} /> },
  {
    id: "method",
    header: "Method",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ method }) => METHODS[method],
  },
  {
    id: "score",
    header: <span title="Over the items that the best is chosen by">Best score</span>,
    isNumber: true,
    cell: ({ curve, output, scorer }) => {
      const [first, last] = [curve[0], curve.at(-1)];
      if (!first || !last) return <span className="text-muted">none yet</span>;
      return (
        <span title={`${scorer}: at the start and at best, over the items that the best is chosen by`}>
          <span className="text-muted max-md:hidden">{formatValue(first.best, output)} → </span>
          {formatValue(last.best, output)}
        </span>
      );
    },
  },
  {
    id: "verdict",
    header: <span title="On items that the search never saw">Final test</span>,
    cell: ({ verdict, status }) =>
      verdict ? (
        <Verdict verdict={verdict} />
      ) : (
        <span className="whitespace-nowrap text-muted">{status === "done" ? "nothing to test" : "–"}</span>
      ),
  },
  {
    id: "saved",
    header: "Saved as",
    isWide: true,
    cell: ({ prompt, savedVersion }) =>
      savedVersion === null ? (
        <span className="text-muted">–</span>
      ) : (
        <Link
          to="/prompts/$name"
          params={{ name: prompt.name }}
          search={{ version: String(savedVersion) }}
          onClick={(event) => event.stopPropagation()}
          className="num whitespace-nowrap underline underline-offset-2"
        >
          version {savedVersion}
        </Link>
      ),
  },
  {
    id: "spent",
    header: "Spent",
    isNumber: true,
    isWide: true,
    cell: ({ spent }) => (
      <span title={`${formatCount(spent.calls)} calls, ${formatCount(spent.tokens)} tokens`}>
        {spent.unpricedCalls > 0 && spent.usd === 0 ? `${formatCount(spent.calls)} calls` : formatMoney(spent.usd)}
      </span>
    ),
  },
  { id: "made", header: "Begun", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];

function NameCell({ row: { optimisationId, name, prompt } }: { row: Listed }) {
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
      <Link
        to="/optimisations/$optimisationId"
        params={{ optimisationId }}
        data-row
        onClick={(event) => event.stopPropagation()}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </Link>
      <span className="num text-muted [overflow-wrap:anywhere]">
        {prompt.name} v{prompt.version}
      </span>
    </span>
  );
}
