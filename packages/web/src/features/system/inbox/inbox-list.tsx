import { useRouter } from "@tanstack/react-router";
import { AtSign, CircleAlert, CircleCheck, Info, MailWarning, TriangleAlert } from "lucide-react";
import { AgoCell } from "../../../components/table/cells.tsx";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { type InboxItem, useReadInbox } from "./use-inbox.ts";

/** Items of the inbox, newest first. Opening one marks it as read. */
export function InboxList({ items, onOpen }: { items: readonly InboxItem[]; onOpen?: () => void }) {
  const read = useReadInbox();
  const { history } = useRouter();
  function open({ itemId, path, isRead }: InboxItem) {
    if (!isRead) read.one.mutate(itemId);
    onOpen?.();
    history.push(path);
  }
  return (
    <ul aria-label="Inbox" className="divide-y divide-line">
      {items.map((item) => (
        <li key={item.itemId}>
          <button
            type="button"
            onClick={() => open(item)}
            className="flex w-full items-start gap-3 px-4 py-2.5 text-left hover:bg-raised focus-visible:-outline-offset-2"
          >
            <ItemIcon item={item} />
            <Words item={item} />
            <span
              aria-hidden
              className={`mt-1.5 size-2 shrink-0 rounded-full ${item.isRead ? "bg-transparent" : "bg-accent"}`}
            />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Words({ item }: { item: InboxItem }) {
  return (
    <span className="min-w-0 grow">
      <span className="flex items-start gap-2">
        <span className={`min-w-0 grow [overflow-wrap:anywhere] ${item.isRead ? "" : "font-medium"}`}>
          {!item.isRead && <span className="sr-only">Unread: </span>}
          {item.title}
        </span>
        <span className="shrink-0 text-xs text-muted">
          <AgoCell iso={item.at} />
        </span>
      </span>
      <span className="block text-xs text-muted">{wordsOf(item)}</span>
      {item.text && <span className="mt-0.5 line-clamp-2 text-sm text-muted">{item.text}</span>}
    </span>
  );
}

function wordsOf({ kind, severity, event }: InboxItem): string {
  if (kind === "mention") return "Mention";
  if (kind === "delivery") return "Delivery failed";
  const word = SEVERITY_WORDS[severity];
  return event === null || event === "info" ? word : `${word}, ${event}`;
}

function ItemIcon({ item: { kind, severity, event } }: { item: InboxItem }) {
  const look = "mt-0.5 shrink-0";
  if (kind === "mention") return <AtSign aria-hidden size={16} className={`${look} text-accent`} />;
  if (kind === "delivery") return <MailWarning aria-hidden size={16} className={`${look} text-warn`} />;
  if (event === "resolved") return <CircleCheck aria-hidden size={16} className={`${look} text-good`} />;
  if (severity === "critical") return <CircleAlert aria-hidden size={16} className={`${look} text-bad`} />;
  if (severity === "warning") return <TriangleAlert aria-hidden size={16} className={`${look} text-warn`} />;
  return <Info aria-hidden size={16} className={`${look} text-info`} />;
}
