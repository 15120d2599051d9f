import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download, Ellipsis, Lock, LockOpen, Plus, Sparkles, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, buttonLook, IconButton } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { useListAddress } from "../../../../components/table/use-list-address.ts";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { AddItems } from "../add-items/add-items.tsx";
import { SelectItems } from "../add-items/select-items.tsx";
import { SettingsTab } from "../settings/settings-tab.tsx";
import { QUEUE_TABS, type QueueSearch, type QueueTab } from "../shared/annotation-search.ts";
import { type Queue, useQueue, useQueueChanges } from "../shared/use-queues.ts";
import { TruthTab } from "../truth/truth-tab.tsx";
import { AgreementTab } from "./agreement-tab.tsx";
import { ItemsTab } from "./items-tab.tsx";
import { PeopleTab } from "./people-tab.tsx";
import { ProgressTab } from "./progress-tab.tsx";
import { EXPORTS, type ExportShape, useExportQueue } from "./use-queue-reports.ts";

const route = getRouteApi("/shell/annotation/$queueId");
const TITLES: Readonly<Record<QueueTab, string>> = {
  progress: "Progress",
  items: "Items",
  agreement: "Agreement",
  consensus: "Consensus",
  people: "People",
  settings: "Settings",
};
const EVERYBODY = ["progress", "agreement"] as const;

/** One queue for its managers: progress, items, agreement, people and settings. */
export function QueuePage() {
  const { queueId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queue = useQueue(queueId);
  const [isAdding, setIsAdding] = useState(false);
  const [isSelecting, setIsSelecting] = useState(false);
  const change = useListAddress<QueueSearch>(
    search,
    ["item"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  const canAnswer = queue.data?.isOpen && queue.data.mine.mayAnswer;
  useKeys("Queue", [
    ...(canAnswer
      ? [
          {
            keys: "a",
            label: "Answer",
            run: () => void navigate({ to: "/annotation/$queueId/answer", params: { queueId } }),
          },
        ]
      : []),
  ]);
  if (queue.error && !queue.data)
    return <ErrorState error={queue.error} retry={() => queue.refetch()} title="The queue could not be loaded" />;
  if (!queue.data)
    return (
      <div aria-busy className="flex flex-col gap-4 p-6">
        <Skeleton className="h-8 w-60" />
        <Skeleton className="h-40" />
      </div>
    );
  const { name, description, items, mine } = queue.data;
  const names = mine.mayReview ? QUEUE_TABS : EVERYBODY;
  const shown = names.find((tab) => tab === search.tab) ?? "progress";
  return (
    <div className="flex min-h-full flex-col">
      <PageHeader
        title={name}
        description={description}
        back={<BackLink to="/annotation" label="Annotation" />}
        action={
          <Actions
            queue={queue.data}
            canAnswer={canAnswer ?? false}
            add={() => setIsAdding(true)}
            select={() => setIsSelecting(true)}
          />
        }
      >
        <div className="-mb-3">
          <Tabs
            label="Queue"
            names={names}
            words={TITLES}
            shown={shown}
            onShow={(tab) => change({ tab: tab === "progress" ? undefined : tab, item: undefined })}
            note={(tab) => tab === "items" && items.toReview > 0 && <Count>{items.toReview}</Count>}
          />
        </div>
      </PageHeader>
      <div className="flex min-h-0 grow flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
        {shown === "progress" && <ProgressTab queue={queue.data} add={() => setIsAdding(true)} />}
        {shown === "items" && <ItemsTab queue={queue.data} search={search} change={change} />}
        {shown === "agreement" && (
          <AgreementTab
            queueId={queueId}
            slice={search.slice}
            onSlice={(slice) => change({ slice: slice || undefined })}
          />
        )}
        {shown === "consensus" && <TruthTab queue={queue.data} change={change} />}
        {shown === "people" && <PeopleTab queueId={queueId} />}
        {shown === "settings" && <SettingsTab queue={queue.data} />}
      </div>
      {isSelecting && <SelectItems queue={queue.data} close={() => setIsSelecting(false)} />}
      {isAdding && <AddItems queue={queue.data} close={() => setIsAdding(false)} />}
    </div>
  );
}

const Count = ({ children }: { children: ReactNode }) => (
  <span
    className="num rounded-full bg-warn-soft px-1.5 text-xs text-warn"
    title="Items to review (disputed or flagged)"
  >
    {children}
  </span>
);

type ActionsProps = { queue: Queue; canAnswer: boolean; add: () => void; select: () => void };

function Actions({ queue, canAnswer, add, select }: ActionsProps) {
  const { queueId, name, isOpen, mine, items } = queue;
  const { update, remove } = useQueueChanges();
  const file = useExportQueue();
  const navigate = useNavigate();
  const [isDeleting, setIsDeleting] = useState(false);
  const toggle = () =>
    update.mutate(
      { queueId, isOpen: !isOpen },
      { onSuccess: () => toastDone(isOpen ? `Closed ${name}. No more items are handed out` : `Reopened ${name}`) },
    );
  return (
    <>
      {mine.mayReview && (
        <>
          <Menu
            align="end"
            trigger={
              <IconButton label="More actions">
                <Ellipsis size={16} />
              </IconButton>
            }
          >
            <MenuItem icon={<Sparkles size={14} />} onSelect={select}>
              Select spans…
            </MenuItem>
            <MenuItem icon={isOpen ? <Lock size={14} /> : <LockOpen size={14} />} onSelect={toggle}>
              {isOpen ? "Close queue" : "Reopen queue"}
            </MenuItem>
            {(Object.keys(EXPORTS) as ExportShape[]).map((shape) => (
              <MenuItem
                key={shape}
                icon={<Download size={14} />}
                onSelect={() => file.mutate({ queueId, name, shape })}
              >
                Export as {EXPORTS[shape]}
              </MenuItem>
            ))}
            <MenuLine />
            <MenuItem icon={<Trash2 size={14} />} onSelect={() => setIsDeleting(true)} isDanger>
              Delete…
            </MenuItem>
          </Menu>
          <Button onClick={add}>
            <Plus aria-hidden size={14} /> Add items
          </Button>
        </>
      )}
      {canAnswer && items.total > 0 && (
        <Link to="/annotation/$queueId/answer" params={{ queueId }} className={buttonLook("primary")}>
          Answer
        </Link>
      )}
      {isDeleting && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete"
          phrase={name}
          isBusy={remove.isPending}
          close={() => setIsDeleting(false)}
          onConfirm={() =>
            remove.mutate(queueId, {
              onSuccess: () => {
                toastDone(`Deleted ${name}`);
                void navigate({ to: "/annotation" });
              },
            })
          }
        >
          This deletes its {formatNumberOf(items.total, "item")} with all answers, for everyone. You cannot undo this.
          Items already added to datasets stay.
        </ConfirmDialog>
      )}
    </>
  );
}
