import { getRouteApi } from "@tanstack/react-router";
import { FolderSync } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { PlainTable } from "../../../../components/table/plain-table.tsx";
import { useProject } from "../../../system/session/index.ts";
import { type Source, useSources } from "../shared/use-sources.ts";
import { sourceColumns } from "./source-columns.tsx";
import { SourceDialog } from "./source-dialog.tsx";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/sources");

/** Where the documents of a base come from, and the syncs of its sources. */
export function SourcesPage() {
  const { knowledgeBaseId } = route.useParams();
  const canWrite = useProject().can("knowledge:write");
  const sources = useSources(knowledgeBaseId);
  const [isAdding, setIsAdding] = useState(false);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setIsAdding(true)}>
      Add source…
    </Button>
  );
  const { data, error } = sources;
  const isEmpty = data?.every(({ kind }) => kind === "upload");
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      {error && !data ? (
        <ErrorState error={error} retry={() => sources.refetch()} title="The sources could not be loaded" />
      ) : isEmpty ? (
        <NoSources add={add} />
      ) : (
        <SourceTable knowledgeBaseId={knowledgeBaseId} canWrite={canWrite} rows={data} add={add} />
      )}
      {isAdding && <SourceDialog knowledgeBaseId={knowledgeBaseId} close={() => setIsAdding(false)} />}
    </div>
  );
}

type TableProps = {
  knowledgeBaseId: string;
  canWrite: boolean;
  rows: readonly Source[] | undefined;
  add: ReactNode;
};

function SourceTable({ knowledgeBaseId, canWrite, rows, add }: TableProps) {
  const columns = useMemo(() => sourceColumns(knowledgeBaseId, canWrite), [knowledgeBaseId, canWrite]);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="max-w-170 text-muted text-pretty">
          A sync stores new and changed documents, and deletes documents that the source no longer has.
        </p>
        {add}
      </div>
      <div className="card overflow-hidden">
        <PlainTable label="Sources" columns={columns} rows={rows} idOf={({ sourceId }) => sourceId} />
      </div>
    </>
  );
}

const NoSources = ({ add }: { add: ReactNode }) => (
  <EmptyState title="No sources yet" icon={<FolderSync size={22} />} action={add}>
    Keep this knowledge base in step with a web site, a Git repository, an S3 bucket or a folder of the server. Uploaded
    files stay as they are.
  </EmptyState>
);
