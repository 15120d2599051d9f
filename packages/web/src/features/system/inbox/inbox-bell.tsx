import { Link } from "@tanstack/react-router";
import { Bell } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Popover } from "../../../components/overlay/popover.tsx";
import { InboxList } from "./inbox-list.tsx";
import { useInbox, useReadInbox, useUnreadCount } from "./use-inbox.ts";

const MOST = 99;
const SHOWN = 8;

/** The bell with the number of unread items. It opens the newest items. Without `isIcon` it looks like a page of the navigation. */
export function InboxBell({ isIcon = false }: { isIcon?: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const count = useUnreadCount().data?.count ?? 0;
  const label = count === 0 ? "Inbox" : `Inbox, ${count > MOST ? `more than ${MOST}` : count} unread`;
  const look = isIcon
    ? "size-8 justify-center"
    : "h-8 w-full gap-2.5 px-2 transition-colors duration-150 md:max-lg:justify-center";
  const trigger = (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`relative flex items-center rounded-control text-muted hover:bg-raised hover:text-text data-[state=open]:bg-raised ${look}`}
    >
      <Bell aria-hidden size={16} className="shrink-0" />
      {!isIcon && <span className="min-w-0 grow truncate text-left md:max-lg:hidden">Inbox</span>}
      {count > 0 && <Count count={count} isIcon={isIcon} />}
    </button>
  );
  return (
    <Popover trigger={trigger} label="Inbox" isOpen={isOpen} setIsOpen={setIsOpen} align={isIcon ? "end" : "start"}>
      <Newest close={() => setIsOpen(false)} hasUnread={count > 0} />
    </Popover>
  );
}

/** The button's name has the number too, so this is no text. */
function Count({ count, isIcon }: { count: number; isIcon: boolean }) {
  const place = isIcon ? "absolute -top-0.5 -right-0.5" : "md:max-lg:absolute md:max-lg:-top-0.5 md:max-lg:right-0";
  return (
    <span
      aria-hidden
      data-count={count > MOST ? `${MOST}+` : count}
      className={`num shrink-0 rounded-full bg-accent px-1.5 text-xs font-medium text-panel before:content-[attr(data-count)] ${place}`}
    />
  );
}

function Waiting({ error }: { error: Error | null }) {
  if (error === null) return <Skeleton className="m-4 h-16" />;
  return (
    <p role="alert" className="px-4 py-6 text-center text-muted text-pretty">
      The inbox could not be loaded. {explain(error)}
    </p>
  );
}

function Newest({ close, hasUnread }: { close: () => void; hasUnread: boolean }) {
  const { data, error } = useInbox({ isUnreadOnly: false });
  const items = data?.pages[0]?.items;
  const read = useReadInbox();
  return (
    <div className="flex w-90 max-w-full flex-col">
      <div className="flex items-center justify-between gap-2 border-line border-b px-4 py-2">
        <span className="font-semibold">Inbox</span>
        <Button size="small" kind="quiet" disabled={!hasUnread} onClick={() => read.all.mutate()}>
          Mark all as read
        </Button>
      </div>
      {items === undefined && <Waiting error={error} />}
      {items?.length === 0 && (
        <p className="px-4 py-6 text-center text-muted text-pretty">
          Nothing here yet. Incidents and comments that mention you appear here.
        </p>
      )}
      {items && items.length > 0 && <InboxList items={items.slice(0, SHOWN)} onOpen={close} />}
      <Link
        to="/inbox"
        onClick={close}
        className="border-line border-t px-4 py-2.5 text-center text-accent hover:bg-raised"
      >
        Open inbox
      </Link>
    </div>
  );
}
