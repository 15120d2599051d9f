import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ListChecks, Plus, SearchX } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { SearchField } from "../../../../components/form/search-field.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { QueuesSearch } from "../shared/annotation-search.ts";
import { useQueues } from "../shared/use-queues.ts";
import { QueueTable } from "./queue-table.tsx";

const route = getRouteApi("/shell/annotation");

/** The project's annotation queues with their progress. */
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
        description="People answer questions about traces and outputs. Agreed answers become expected outputs, calibration data and training data."
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
                label="Search queues by name"
                placeholder="Search by name"
                word={search.search ?? ""}
                onChange={(word) => change({ search: word || undefined })}
              />
              <Choice
                label="Assignment"
                names={["any", "me"] as const}
                words={{ any: "All", me: "Assigned to me" }}
                chosen={search.assigned ?? "any"}
                onChoose={(one) => change({ assigned: one === "me" ? one : undefined })}
              />
            </div>
            {items?.length === 0 ? (
              <EmptyState
                title="No matching queues"
                icon={<SearchX size={22} />}
                action={
                  <Button onClick={() => change({ search: undefined, assigned: undefined })}>Show all queues</Button>
                }
              >
                Clear the search.
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
  <EmptyState title="No queues yet" icon={<ListChecks size={22} />} action={add}>
    A queue contains items, such as traces or two answers to compare, and questions about them. Several people answer
    each item with single keys. A reviewer settles disagreements.
  </EmptyState>
);
