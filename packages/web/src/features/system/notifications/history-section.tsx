import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell, TimeCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { type Message, type Notice, useNotices } from "./use-notifications.ts";

/** Each notification with what became of its messages. */
export function HistorySection() {
  const list = useNotices();
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The history could not be loaded" />;
  return (
    <Section title="History" description="Each notification and its messages, stored for 90 days.">
      {!items && <Skeleton className="m-4 h-24" />}
      {items?.length === 0 && <p className="px-4 pb-4 text-muted">No notifications yet.</p>}
      {items && items.length > 0 && (
        <ul aria-label="History" className="divide-y divide-line border-line border-t">
          {items.map((notice) => (
            <NoticeRow key={notice.noticeId} notice={notice} />
          ))}
        </ul>
      )}
      <MoreRows list={list} />
    </Section>
  );
}

function NoticeRow({ notice: { title, severity, event, at, messages } }: { notice: Notice }) {
  return (
    <li className="px-4 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="min-w-0 grow [overflow-wrap:anywhere]">{title}</span>
        <span className="text-xs text-muted">
          {SEVERITY_WORDS[severity]}
          {event === "info" ? "" : `, ${event}`} · <AgoCell iso={at} />
        </span>
      </p>
      <ul className="mt-0.5 text-sm text-muted">
        {messages.length === 0 && <li>Inbox only</li>}
        {messages.map((message) => (
          <li key={message.messageId} className="[overflow-wrap:anywhere]">
            {message.channelName}
            {message.reason === "escalation" && " (escalation)"}: <MessageState message={message} />
          </li>
        ))}
      </ul>
    </li>
  );
}

function MessageState({ message: { state, attempts, lastError, nextTryAt, isSummary } }: { message: Message }) {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  switch (state) {
    case "delivered":
      return <span className="text-good">{`delivered${tries}${isSummary ? " in a combined message" : ""}`}</span>;
    case "dead":
      return <span className="text-bad">{`failed${tries}: ${lastError}`}</span>;
    case "skipped":
      return <span>{`not sent: ${lastError}`}</span>;
    case "waiting":
      return (
        <span className={lastError ? "text-warn" : ""}>
          {lastError ? `retrying${tries}: ${lastError} Next attempt ` : "waiting until "}
          {nextTryAt && <TimeCell iso={nextTryAt} />}
        </span>
      );
    default:
      return state satisfies never;
  }
}
