import { Link } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import type { PlainColumn } from "../../../../components/table/plain-table.tsx";
import { formatBytes, formatCount } from "../../../../components/text/format.ts";
import { accessWords } from "../shared/access.ts";
import { DocumentStateMark } from "../shared/document-state.tsx";
import type { KnowledgeDocument } from "../shared/use-documents.ts";
import type { Source } from "../shared/use-sources.ts";
import { DocumentMenu } from "./document-menu.tsx";

const countOf = (value: number | null) => (value === null ? <span className="text-muted">–</span> : formatCount(value));

type Options = { knowledgeBaseId: string; canWrite: boolean; sources: readonly Source[] | undefined };
type Columns = readonly PlainColumn<KnowledgeDocument>[];

/** The columns of the table of documents. */
export const documentColumns = ({ knowledgeBaseId, canWrite, sources = [] }: Options): Columns => [
  {
    id: "title",
    header: "Document",
    className: "w-full min-w-40",
    cell: (document) => <TitleCell knowledgeBaseId={knowledgeBaseId} document={document} />,
  },
  { id: "state", header: "State", cell: ({ state }) => <DocumentStateMark state={state} /> },
  { id: "format", header: "Format", isWide: true, cell: ({ format }) => format ?? <Unknown /> },
  ...(sources.length > 1 ? [sourceColumn(sources)] : []),
  { id: "size", header: "Size", isNumber: true, isWide: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { id: "pages", header: "Pages", isNumber: true, isWide: true, cell: ({ pages }) => countOf(pages) },
  { id: "chunks", header: "Chunks", isNumber: true, isWide: true, cell: ({ chunks }) => countOf(chunks) },
  {
    id: "access",
    header: "Who finds it",
    isWide: true,
    className: "max-w-52",
    cell: ({ principals }) => <AccessCell principals={principals} />,
  },
  { id: "updated", header: "Updated", isWide: true, cell: ({ updatedAt }) => <AgoCell iso={updatedAt} /> },
  {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
    className: "w-px text-right!",
    cell: (document) => (
      <DocumentMenu knowledgeBaseId={knowledgeBaseId} document={document} canWrite={canWrite} hasOpen />
    ),
  },
];

const sourceColumn = (sources: readonly Source[]): PlainColumn<KnowledgeDocument> => ({
  id: "source",
  header: "Source",
  isWide: true,
  className: "max-w-40",
  cell: ({ sourceId }) => (
    <span className="block truncate">{sources.find((source) => source.sourceId === sourceId)?.name ?? "–"}</span>
  ),
});

const Unknown = () => <span className="text-muted">–</span>;

const AccessCell = ({ principals }: { principals: readonly string[] }) => (
  <span className="block truncate" title={principals.join(", ")}>
    {accessWords(principals)}
  </span>
);

type CellProps = { knowledgeBaseId: string; document: KnowledgeDocument };

function TitleCell({ knowledgeBaseId, document }: CellProps) {
  const { documentId, title, uri, error, warnings, sizeBytes, principals } = document;
  return (
    <span className="flex min-w-0 flex-col py-1">
      <Link
        to="/knowledge/$knowledgeBaseId/documents/$documentId"
        params={{ knowledgeBaseId, documentId }}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {title}
      </Link>
      {uri !== title && <span className="text-xs text-muted [overflow-wrap:anywhere]">{uri}</span>}
      <span className="text-xs text-muted md:hidden">
        {formatBytes(sizeBytes)} · {accessWords(principals)}
      </span>
      {error && <span className="text-xs text-bad [overflow-wrap:anywhere]">{error}</span>}
      {!error && warnings[0] && (
        <span className="text-xs text-warn [overflow-wrap:anywhere]" title={warnings.join("\n")}>
          {warnings[0]}
          {warnings.length > 1 && ` And ${warnings.length - 1} more.`}
        </span>
      )}
    </span>
  );
}
