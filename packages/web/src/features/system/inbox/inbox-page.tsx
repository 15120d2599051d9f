import { useNavigate, useSearch } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Choice } from "../../../components/form/choice.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { InboxList } from "./inbox-list.tsx";
import { useInbox, useReadInbox, useUnreadCount } from "./use-inbox.ts";

/** Your notices and mentions in this project. */
export function InboxPage() {
  const isUnreadOnly = useSearch({ strict: false, select: (search) => "unread" in search && search.unread === "1" });
  const read = useReadInbox();
  const unread = useUnreadCount().data?.count ?? 0;
  return (
    <>
      <PageHeader
        title="Inbox"
        description="Incidents, other alerts and mentions in this project."
        action={
          <Button disabled={unread === 0} isBusy={read.all.isPending} onClick={() => read.all.mutate()}>
            Mark all as read
          </Button>
        }
      >
        <ShownItems isUnreadOnly={isUnreadOnly} />
      </PageHeader>
      <div className="max-w-220 px-6 pb-8 max-md:px-4">
        <Items isUnreadOnly={isUnreadOnly} />
      </div>
    </>
  );
}

type ShownProps = { isUnreadOnly: boolean };

function ShownItems({ isUnreadOnly }: ShownProps) {
  const navigate = useNavigate({ from: "/inbox" });
  return (
    <div>
      <Choice
        label="Shown items"
        names={["all", "unread"]}
        words={{ all: "All", unread: "Unread" }}
        chosen={isUnreadOnly ? "unread" : "all"}
        onChoose={(name) =>
          void navigate({ search: (old) => ({ ...old, unread: name === "unread" ? "1" : undefined }) })
        }
      />
    </div>
  );
}

function Items({ isUnreadOnly }: ShownProps) {
  const list = useInbox({ isUnreadOnly });
  const items = list.data?.pages.flatMap((page) => page.items);
  if (!items)
    return list.error ? (
      <ErrorState error={list.error} retry={() => list.refetch()} title="The inbox could not be loaded" />
    ) : (
      <Skeleton className="h-40 w-full rounded-card" />
    );
  if (items.length === 0)
    return (
      <EmptyState title={isUnreadOnly ? "No unread items" : "Your inbox is empty"} icon={<Inbox size={22} />}>
        Incidents and comments that mention you appear here.
      </EmptyState>
    );
  return (
    <div className="card overflow-hidden">
      <InboxList items={items} />
      <MoreRows list={list} />
    </div>
  );
}
