import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Library, Plus, SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { FilterBar } from "../../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { PlainTable } from "../../../../components/table/plain-table.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useBases } from "../shared/use-bases.ts";
import { BASE_COLUMNS } from "./base-columns.tsx";
import { NewBase } from "./new-base.tsx";

const route = getRouteApi("/shell/knowledge");

/** The project's knowledge bases, newest first. */
export function KnowledgePage() {
  const { search } = route.useSearch();
  const navigate = route.useNavigate();
  const [isAdding, setIsAdding] = useState(false);
  const canWrite = useProject().can("knowledge:write");
  const list = useBases(search ?? "");
  const isFilled = search !== undefined || list.data?.pages.some(({ items }) => items.length > 0);
  const show = (next: string | undefined) => void navigate({ search: { search: next }, replace: true });
  const add = canWrite && <AddButton onClick={() => setIsAdding(true)} />;
  return (
    <>
      <PageHeader
        title="Knowledge"
        description="A knowledge base holds documents that your applications search by words and by meaning."
        action={isFilled && add}
      >
        {isFilled && (
          <FilterBar label="Search knowledge bases" placeholder="Search names" word={search} onSearch={show} />
        )}
      </PageHeader>
      <div className="px-6 pb-8 max-md:px-4">
        <Bases list={list} search={search} add={add} showAll={() => show(undefined)} />
      </div>
      {isAdding && <NewBase close={() => setIsAdding(false)} />}
    </>
  );
}

const AddButton = ({ onClick }: { onClick: () => void }) => (
  <Button kind="primary" onClick={onClick}>
    <Plus aria-hidden size={14} /> New knowledge base
  </Button>
);

type NoProps = { search: string | undefined; add: ReactNode; showAll: () => void };
type BasesProps = NoProps & { list: ReturnType<typeof useBases> };

function Bases({ list, ...none }: BasesProps) {
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items)
    return (
      <ErrorState error={list.error} retry={() => list.refetch()} title="The knowledge bases could not be loaded" />
    );
  return items?.length === 0 ? <NoBases {...none} /> : <BaseList list={list} />;
}

const NoBases = ({ search, add, showAll }: NoProps) =>
  search === undefined ? (
    <EmptyState title="No knowledge bases yet" icon={<Library size={22} />} action={add}>
      Upload PDF, Word, HTML, Markdown, CSV and other files. Treadle splits them into chunks and indexes them in
      versions that you can compare and roll back.
    </EmptyState>
  ) : (
    <EmptyState
      title="No matching knowledge bases"
      icon={<SearchX size={22} />}
      action={<Button onClick={showAll}>Show all knowledge bases</Button>}
    >
      No knowledge base has these words in its name.
    </EmptyState>
  );

function BaseList({ list }: { list: ReturnType<typeof useBases> }) {
  const navigate = useNavigate();
  return (
    <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
      <PlainTable
        label="Knowledge bases"
        columns={BASE_COLUMNS}
        rows={list.data?.pages.flatMap((page) => page.items)}
        idOf={({ knowledgeBaseId }) => knowledgeBaseId}
        onOpen={({ knowledgeBaseId }) =>
          void navigate({ to: "/knowledge/$knowledgeBaseId", params: { knowledgeBaseId } })
        }
      />
      <MoreRows list={list} />
    </div>
  );
}
