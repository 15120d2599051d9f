import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Database, RefreshCw, Scale } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Choice } from "../../../components/form/choice.tsx";
import { Select } from "../../../components/form/field.tsx";
import { SearchField } from "../../../components/form/search-field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { useQueueChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { BoardSection } from "./board-section.tsx";
import { CollectDialog } from "./collect-dialog.tsx";
import { PairList } from "./pair-list.tsx";
import { CONFLICTS, type PreferenceSearch } from "./preference-search.ts";
import { ToDataDialog } from "./to-data-dialog.tsx";
import { usePairs } from "./use-preferences.ts";

const route = getRouteApi("/shell/preferences");

/** The preferences of people between two answers: the ranking, the pairs, and their use as data. */
export function PreferencesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const pairs = usePairs(search);
  const queues = useQueueChoices("all");
  const [open, setOpen] = useState<"collect" | "data">();
  const first = pairs.data?.pages[0];
  const isNarrowed = Boolean(search.queue || search.conflict || search.search);
  const isEmpty = first?.total === 0 && !isNarrowed;
  const change = (next: PreferenceSearch) =>
    void navigate({ to: "/preferences", search: (old) => ({ ...old, ...next }), replace: true });
  const collect = can("annotation:write") && (
    <Button kind={isEmpty ? "primary" : "plain"} onClick={() => setOpen("collect")}>
      <RefreshCw aria-hidden size={14} /> Collect
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Preferences"
        description="Which of two answers people prefer, from comparisons, corrections, thumbs and regenerated answers."
        action={
          <>
            {!isEmpty && collect}
            {can("datasets:write") && (
              <Button kind={isEmpty ? "plain" : "primary"} onClick={() => setOpen("data")}>
                <Database aria-hidden size={14} /> Add to dataset
              </Button>
            )}
          </>
        }
      />
      <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        {pairs.error && !pairs.data ? (
          <ErrorState error={pairs.error} retry={() => pairs.refetch()} title="The pairs could not be loaded" />
        ) : isEmpty ? (
          <EmptyState title="No preferences yet" icon={<Scale size={22} />} action={collect}>
            Collect pairs from queues that compare or correct answers, and from user feedback.
          </EmptyState>
        ) : (
          <>
            <div className="flex flex-wrap items-center gap-2">
              <SearchField
                label="Search pairs"
                placeholder="Search prompts and answers"
                word={search.search ?? ""}
                onChange={(word) => change({ search: word || undefined })}
              />
              <Choice
                label="Conflicts"
                names={CONFLICTS}
                words={{ any: "All", only: "In conflict", without: "No conflict" }}
                chosen={search.conflict ?? "any"}
                onChoose={(conflict) => change({ conflict: conflict === "any" ? undefined : conflict })}
              />
              <Select
                aria-label="Queue"
                className="w-auto! max-w-60"
                value={search.queue ?? ""}
                onChange={({ target }) => change({ queue: target.value || undefined })}
              >
                <option value="">All sources</option>
                {queues.data?.map(({ queueId, name }) => (
                  <option key={queueId} value={queueId}>
                    {name}
                  </option>
                ))}
              </Select>
            </div>
            <BoardSection queue={search.queue} />
            <PairList list={pairs} total={first?.total} conflicts={first?.conflicts} />
          </>
        )}
      </div>
      {open === "collect" && <CollectDialog queues={queues} close={() => setOpen(undefined)} />}
      {open === "data" && <ToDataDialog queue={search.queue} queues={queues.data} close={() => setOpen(undefined)} />}
    </>
  );
}
