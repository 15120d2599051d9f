import { Link, useNavigate } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { outputWords } from "../shared/kind-words.ts";
import type { Scorer } from "../shared/use-scorers.ts";

type TableProps = { rows: readonly Scorer[] | undefined; labelOf: (kind: string) => string };

/** The table of stored scorers. The keys j and k move through it. */
export function ScorerTable({ rows, labelOf }: TableProps) {
  const navigate = useNavigate();
  const box = useRowKeys("Scorers");
  return (
    <div ref={box}>
      <PlainTable
        label="Scorers"
        columns={columnsFor(labelOf)}
        rows={rows}
        idOf={({ scorerId }) => scorerId}
        onOpen={({ scorerId }) => void navigate({ to: "/scorers/$scorerId", params: { scorerId } })}
      />
    </div>
  );
}

const columnsFor = (labelOf: TableProps["labelOf"]): readonly PlainColumn<Scorer>[] => [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-36",
    cell: ({ scorerId, name, description }) => (
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <Link
          to="/scorers/$scorerId"
          params={{ scorerId }}
          data-row
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="line-clamp-1 text-muted max-md:hidden">{description}</span>
      </span>
    ),
  },
  { id: "kind", header: "Kind", className: "whitespace-nowrap", cell: ({ kind }) => labelOf(kind) },
  {
    id: "gives",
    header: "Output",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ output }) => <span className="text-muted">{outputWords(output)}</span>,
  },
  { id: "version", header: "Version", isNumber: true, cell: ({ latestVersion }) => latestVersion },
  { id: "changed", header: "Changed", isWide: true, cell: ({ updatedAt }) => <AgoCell iso={updatedAt} /> },
];
