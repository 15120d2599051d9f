import { getRouteApi } from "@tanstack/react-router";
import { FileText, SearchX } from "lucide-react";
import { useMemo } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { FilterBar, FilterSelect } from "../../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { PlainTable } from "../../../../components/table/plain-table.tsx";
import { useProject } from "../../../system/session/index.ts";
import { isBusy } from "../shared/base-work.ts";
import { STATE_WORDS } from "../shared/document-state.tsx";
import type { DocumentsSearch } from "../shared/knowledge-search.ts";
import { type Base, useBase } from "../shared/use-bases.ts";
import { useDocuments } from "../shared/use-documents.ts";
import { useSources } from "../shared/use-sources.ts";
import { documentColumns } from "./document-columns.tsx";
import { DropArea } from "./drop-area.tsx";
import { UploadButtons } from "./upload-buttons.tsx";
import { UploadList } from "./upload-list.tsx";
import { useUploads } from "./use-uploads.ts";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/");

/** The documents of a base, and the uploads into it. */
export function DocumentsPage() {
  const { knowledgeBaseId } = route.useParams();
  const base = useBase(knowledgeBaseId).data;
  const canWrite = useProject().can("knowledge:write");
  const uploads = useUploads(knowledgeBaseId);
  const drop = (files: readonly File[]) => uploads.add(files, ["public"]);
  return (
    <div className="px-6 pt-4 pb-8 max-md:px-4">
      <DropArea onFiles={canWrite ? drop : undefined}>
        <UploadList uploads={uploads} />
        {base ? (
          <Documents base={base} canWrite={canWrite} upload={uploads.add} />
        ) : (
          <Skeleton className="h-60 rounded-card" />
        )}
      </DropArea>
    </div>
  );
}

type PartProps = { base: Base; canWrite: boolean; upload: ReturnType<typeof useUploads>["add"] };

function Documents({ base, canWrite, upload }: PartProps) {
  const { search, state, source } = route.useSearch();
  const navigate = route.useNavigate();
  const { knowledgeBaseId } = base;
  const list = useDocuments({
    knowledgeBaseId,
    search: search ?? "",
    state,
    sourceId: source,
    isFollowed: isBusy(base),
  });
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The documents could not be loaded" />;
  const isNarrowed = search !== undefined || state !== undefined || source !== undefined;
  if (items?.length === 0 && !isNarrowed) return <NoDocuments upload={canWrite ? upload : undefined} />;
  return (
    <>
      <Toolbar base={base} upload={canWrite ? upload : undefined} />
      {items?.length === 0 ? (
        <NoMatches showAll={() => void navigate({ search: {}, replace: true })} />
      ) : (
        <DocumentTable knowledgeBaseId={knowledgeBaseId} canWrite={canWrite} list={list} />
      )}
    </>
  );
}

type ToolbarProps = { base: Base; upload: PartProps["upload"] | undefined };

function Toolbar({ base: { states, knowledgeBaseId }, upload }: ToolbarProps) {
  const { search, state, source } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: DocumentsSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  return (
    <div className="flex flex-wrap items-start justify-between gap-2">
      <div className="min-w-0 grow">
        <FilterBar
          label="Search documents"
          placeholder="Search titles and file names"
          word={search}
          onSearch={(next) => show({ search: next })}
        >
          <FilterSelect
            label="State"
            all="All states"
            value={state}
            options={stateOptions(states, state)}
            onChange={(next) => show({ state: next })}
            className="w-44!"
          />
          <SourceFilter knowledgeBaseId={knowledgeBaseId} chosen={source} onChange={(next) => show({ source: next })} />
        </FilterBar>
      </div>
      {upload && <UploadButtons onFiles={upload} />}
    </div>
  );
}

type SourceProps = {
  knowledgeBaseId: string;
  chosen: string | undefined;
  onChange: (sourceId: string | undefined) => void;
};

/** Nothing if all documents have one source. */
function SourceFilter({ knowledgeBaseId, chosen, onChange }: SourceProps) {
  const sources = useSources(knowledgeBaseId).data ?? [];
  if (sources.length < 2 && chosen === undefined) return null;
  return (
    <FilterSelect
      label="Source"
      all="All sources"
      value={chosen}
      options={sources.map(({ sourceId: value, name }) => ({ value, name }))}
      onChange={onChange}
      className="w-44!"
    />
  );
}

/** The states that documents have, with their counts, and the chosen one. */
const stateOptions = (states: Base["states"], chosen: string | undefined) =>
  Object.entries(STATE_WORDS)
    .filter(([value]) => value === chosen || (states[value] ?? 0) > 0)
    .map(([value, word]) => ({ value, name: `${word} (${states[value] ?? 0})` }));

type TableProps = { knowledgeBaseId: string; canWrite: boolean; list: ReturnType<typeof useDocuments> };

function DocumentTable({ knowledgeBaseId, canWrite, list }: TableProps) {
  const sources = useSources(knowledgeBaseId).data;
  const columns = useMemo(
    () => documentColumns({ knowledgeBaseId, canWrite, sources }),
    [knowledgeBaseId, canWrite, sources],
  );
  return (
    <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
      <PlainTable
        label="Documents"
        columns={columns}
        rows={list.data?.pages.flatMap((page) => page.items)}
        idOf={({ documentId }) => documentId}
      />
      <MoreRows list={list} />
    </div>
  );
}

const NoDocuments = ({ upload }: { upload: PartProps["upload"] | undefined }) => (
  <EmptyState
    title="No documents yet"
    icon={<FileText size={22} />}
    action={upload && <UploadButtons onFiles={upload} />}
  >
    {upload
      ? "Drop files here or upload them: PDF, Word, HTML, Markdown, CSV, email and other texts of at most 100 MiB. They are parsed and indexed in the background."
      : "You need permission to change knowledge bases to upload documents. Ask an owner of the project."}
  </EmptyState>
);

const NoMatches = ({ showAll }: { showAll: () => void }) => (
  <EmptyState
    title="No matching documents"
    icon={<SearchX size={22} />}
    action={<Button onClick={showAll}>Show all documents</Button>}
  >
    No document of this state and source has these words in its title or file name.
  </EmptyState>
);
