import { getRouteApi } from "@tanstack/react-router";
import { Plus, ScrollText } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { useKeys } from "../../components/keys.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { PageHeader } from "../../components/page.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { FolderList } from "./folder-list.tsx";
import { NewPrompt } from "./new-prompt.tsx";
import type { ListSearch } from "./prompt-search.ts";
import { PromptTable } from "./prompt-table.tsx";
import { usePrompts } from "./use-prompts.ts";

const route = getRouteApi("/shell/prompts");

/** The project's prompts by folder, and a way to write one. */
export function PromptsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const canWrite = can("prompts:write");
  const begin = (isBegun: boolean) =>
    void navigate({ search: (old) => ({ ...old, new: isBegun ? "1" : undefined }), replace: !isBegun });
  useKeys(
    "Prompts",
    canWrite && !search.new ? [{ keys: "n", label: "Write a new prompt", run: () => begin(true) }] : [],
  );
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
        description="Prompts with versions. Programs ask for a label such as production, so what they get can change without a release."
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
              title="No prompt yet"
              icon={<ScrollText size={22} />}
              action={create}
              code="npx treadle prompt push prompts/"
            >
              A prompt kept here has versions that never change, labels that say which of them programs get, and the
              cost, latency and scores of each. Write one, or push the files of a repository.
            </EmptyState>
          ) : items?.length === 0 ? (
            <EmptyState
              title={archived ? "No prompt is archived" : "No prompt matches"}
              action={<Button onClick={() => change(NOTHING)}>Show all prompts</Button>}
            >
              {archived
                ? "Archived prompts still answer programs, but are left out of the list."
                : "None has these words in its name, its description or its newest text, in this folder and with this tag."}
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
