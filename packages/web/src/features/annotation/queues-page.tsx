import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ListChecks, Plus, SearchX } from "lucide-react";
import { Button, buttonLook } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { useKeys } from "../../components/keys.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { PageHeader } from "../../components/page.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import type { QueuesSearch } from "./annotation-search.ts";
import { QueueTable } from "./queue-table.tsx";
import { useQueues } from "./use-queues.ts";

const route = getRouteApi("/shell/annotation");

/** The project's queues: what people are asked about, how far each is, and the way in. */
export function QueuesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const list = useQueues(search);
  const items = list.data?.pages.flatMap((page) => page.items);
  const canWrite = can("annotation:write");
  const isNarrowed = Boolean(search.search || search.assigned);
  const change = (next: QueuesSearch) =>
    void navigate({ to: "/annotation", search: (old) => ({ ...old, ...next }), replace: true });
  useKeys(
    "Annotation",
    canWrite ? [{ keys: "n", label: "New queue", run: () => void navigate({ to: "/annotation/new" }) }] : [],
  );
  const add = canWrite && (
    <Link to="/annotation/new" className={buttonLook("primary")}>
      <Plus aria-hidden size={14} /> New queue
    </Link>
  );
  return (
    <>
      <PageHeader
        title="Annotation"
        description="People answer questions about traces and answers, several for each item, and what they agree on becomes expected output, calibration and training data."
        action={items && (items.length > 0 || isNarrowed) && add}
      />
      <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The queues could not be loaded" />
        ) : items?.length === 0 && !isNarrowed ? (
          <NoQueues add={add} />
        ) : (
          <>
            <div className="flex flex-wrap items-center gap-2">
              <SearchField
                label="Search queues"
                placeholder="Search by name"
                word={search.search ?? ""}
                onChange={(word) => change({ search: word || undefined })}
              />
              <Choice
                label="Whose"
                names={["any", "me"] as const}
                words={{ any: "All", me: "Mine to answer" }}
                chosen={search.assigned ?? "any"}
                onChoose={(one) => change({ assigned: one === "me" ? one : undefined })}
              />
            </div>
            {items?.length === 0 ? (
              <EmptyState
                title="No queue matches"
                icon={<SearchX size={22} />}
                action={
                  <Button onClick={() => change({ search: undefined, assigned: undefined })}>Show all queues</Button>
                }
              >
                Take the search away.
              </EmptyState>
            ) : (
              <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
                <QueueTable rows={items} />
                <MoreRows list={list} />
              </div>
            )}
          </>
        )}
      </div>
    </>
  );
}

const NoQueues = ({ add }: { add: React.ReactNode }) => (
  <EmptyState title="Nobody is asked anything yet" icon={<ListChecks size={22} />} action={add}>
    A queue holds items, such as traces or two answers to compare, and questions about them. Several people answer each
    item, one key an answer; where they disagree, a reviewer settles it.
  </EmptyState>
);
