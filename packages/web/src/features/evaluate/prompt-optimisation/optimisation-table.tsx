import { Link, useNavigate } from "@tanstack/react-router";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../components/table/row-keys.ts";
import { formatMoney, formatNumberOf } from "../../../components/text/format.ts";
import { Verdict } from "../experiments/index.ts";
import { formatValue } from "../scorers/index.ts";
import { OptimisationStatus } from "./shared/optimisation-status.tsx";
import type { Listed } from "./shared/use-optimisations.ts";
import { METHODS } from "./shared/words.ts";

/** The table of optimisations with their results. The keys j and k move through it. */
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
    header: <span title="The score on the selection items">Best score</span>,
    isNumber: true,
    cell: ({ curve, output, scorer }) => {
      const [first, last] = [curve[0], curve.at(-1)];
      if (!first || !last) return <span className="text-muted">no score yet</span>;
      return (
        <span title={`${scorer}: first and best score on the selection items`}>
          <span className="text-muted max-md:hidden">{formatValue(first.best, output)} → </span>
          {formatValue(last.best, output)}
        </span>
      );
    },
  },
  {
    id: "verdict",
    header: <span title="The score on items that were not used in the search">Final test</span>,
    cell: ({ verdict, status }) =>
      verdict ? (
        <Verdict verdict={verdict} />
      ) : (
        <span className="whitespace-nowrap text-muted">{status === "done" ? "no test needed" : "–"}</span>
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
      <span title={`${formatNumberOf(spent.calls, "call")}, ${formatNumberOf(spent.tokens, "token")}`}>
        {spent.unpricedCalls > 0 && spent.usd === 0 ? formatNumberOf(spent.calls, "call") : formatMoney(spent.usd)}
      </span>
    ),
  },
  { id: "made", header: "Started", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
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
