import { getRouteApi } from "@tanstack/react-router";
import { Plus, ScrollText } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { SearchField } from "../../../../components/form/search-field.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useProject } from "../../../system/session/index.ts";
import { NewPrompt } from "../editor/new-prompt.tsx";
import type { ListSearch } from "../shared/prompt-search.ts";
import { usePrompts } from "../shared/use-prompts.ts";
import { FolderList } from "./folder-list.tsx";
import { PromptTable } from "./prompt-table.tsx";

const route = getRouteApi("/shell/prompts");

/** The project's prompts by folder, and a way to write one. */
export function PromptsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const canWrite = can("prompts:write");
  const begin = (isBegun: boolean) =>
    void navigate({ search: (old) => ({ ...old, new: isBegun ? "1" : undefined }), replace: !isBegun });
  useKeys("Prompts", canWrite && !search.new ? [{ keys: "n", label: "Create a prompt", run: () => begin(true) }] : []);
  if (search.new && canWrite) return <NewPrompt folder={search.folder ?? ""} close={() => begin(false)} />;
  return <PromptList search={search} begin={canWrite ? () => begin(true) : undefined} />;
}

function PromptList({ search, begin }: { search: ListSearch; begin: (() => void) | undefined }) {
  const navigate = route.useNavigate();
  const { search: word, folder, tag, archived } = search;
  const list = usePrompts({ search: word, folder, tag, isArchived: archived === "1" });
  const items = list.data?.pages.flatMap((page) => page.items);
  const change = (next: ListSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const isNarrowed = Boolean(word || folder || tag || archived);
  const create = begin && (
    <Button kind="primary" onClick={begin}>
      <Plus aria-hidden size={14} /> New prompt
    </Button>
  );
  const isFirst = items?.length === 0 && !isNarrowed;
  return (
    <>
      <PageHeader
        title="Prompts"
        description="Versioned prompts. Programs request a label such as production, so you can change a prompt without a release."
        action={!isFirst && create}
      >
        {!isFirst && (
          <SearchField
            label="Search prompts"
            placeholder="Search names, descriptions and texts"
            word={word ?? ""}
            onChange={(next) => change({ search: next || undefined })}
          />
        )}
      </PageHeader>
      <div className="flex gap-6 px-6 pb-8 max-md:flex-col max-md:gap-3 max-md:px-4">
        {!isFirst && <FolderList search={search} change={change} />}
        <div className="min-w-0 grow">
          {list.error && !items ? (
            <ErrorState error={list.error} retry={() => list.refetch()} title="The prompts could not be loaded" />
          ) : isFirst ? (
            <EmptyState
              title="No prompts yet"
              icon={<ScrollText size={22} />}
              action={create}
              code="npx treadle prompt push prompts/"
            >
              A prompt has immutable versions, labels that choose the version programs get, and the cost, latency and
              scores of each version. Create a prompt, or push prompt files from a repository.
            </EmptyState>
          ) : items?.length === 0 ? (
            <EmptyState
              title={archived ? "No archived prompts" : "No matching prompts"}
              action={<Button onClick={() => change(NOTHING)}>Show all prompts</Button>}
            >
              {archived
                ? "Programs can still use archived prompts, but the list hides them."
                : "No prompt with this folder and tag has these words in its name, description or latest text."}
            </EmptyState>
          ) : (
            <div className="card overflow-hidden">
              <PromptTable rows={items} />
              <MoreRows list={list} />
            </div>
          )}
        </div>
      </div>
    </>
  );
}

const NOTHING: ListSearch = { search: undefined, folder: undefined, tag: undefined, archived: undefined };
