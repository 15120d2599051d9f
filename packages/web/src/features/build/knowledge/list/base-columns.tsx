import { Link } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import type { PlainColumn } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { isIndexing } from "../shared/base-work.ts";
import { StateCounts } from "../shared/document-state.tsx";
import type { Base } from "../shared/use-bases.ts";

/** The columns of the list of knowledge bases. */
export const BASE_COLUMNS: readonly PlainColumn<Base>[] = [
  { id: "name", header: "Name", className: "w-full min-w-36", cell: (base) => <NameCell base={base} /> },
  { id: "state", header: "State", className: "min-w-28", cell: (base) => <StateCell base={base} /> },
  { id: "documents", header: "Documents", isNumber: true, cell: ({ documents }) => formatCount(documents) },
  { id: "chunks", header: "Chunks", isNumber: true, isWide: true, cell: ({ chunks }) => formatCount(chunks) },
  {
    id: "version",
    header: "Live version",
    isNumber: true,
    isWide: true,
    cell: ({ liveVersion }) => liveVersion ?? <span className="text-muted">none</span>,
  },
  { id: "changed", header: "Changed", isWide: true, cell: ({ updatedAt }) => <AgoCell iso={updatedAt} /> },
];

const NameCell = ({ base: { knowledgeBaseId, name, description } }: { base: Base }) => (
  <span className="flex min-w-0 flex-col py-1">
    <Link
      to="/knowledge/$knowledgeBaseId"
      params={{ knowledgeBaseId }}
      onClick={(event) => event.stopPropagation()}
      className="font-medium [overflow-wrap:anywhere] hover:underline"
    >
      {name}
    </Link>
    {description && <span className="line-clamp-1 text-xs text-muted max-md:hidden">{description}</span>}
  </span>
);

/** The work of the base, and the documents that are not indexed. */
function StateCell({ base }: { base: Base }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <BaseStateMark base={base} />
      <StateCounts states={base.states} />
    </span>
  );
}

function BaseStateMark({ base }: { base: Base }) {
  const { job, liveVersion, documents } = base;
  if (isIndexing(base)) return <Mark look="text-info" word="indexing" />;
  if (job?.state === "failed") return <Mark look="text-bad" word="indexing failed" />;
  if (liveVersion !== null) return <Mark look="text-good" word="live" />;
  return <Mark look="text-muted" word={documents === 0 ? "empty" : "not live"} />;
}

const Mark = ({ look, word }: { look: string; word: string }) => (
  <span className={`text-sm whitespace-nowrap ${look}`}>● {word}</span>
);
