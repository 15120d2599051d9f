import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { useProject } from "../session/index.ts";
import { type Message, useDeadMessages, useReplay } from "./use-notifications.ts";

/** Messages that could not be delivered. Hidden if there are none. */
export function DeadSection() {
  const list = useDeadMessages();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <Section title="Failed messages" description="All attempts failed, or the receiver rejected the message.">
      <ul aria-label="Failed messages" className="divide-y divide-line border-line border-t">
        {items.map((message) => (
          <DeadRow key={message.messageId} message={message} />
        ))}
      </ul>
      <MoreRows list={list} />
    </Section>
  );
}

function DeadRow({ message }: { message: Message }) {
  const { messageId, title, channelName, attempts, lastError, createdAt } = message;
  const replay = useReplay();
  const canWrite = useProject().can("notifications:write");
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <div className="min-w-0 grow">
        <p className="[overflow-wrap:anywhere]">{title}</p>
        <p className="text-sm text-muted [overflow-wrap:anywhere]">
          {channelName}, <AgoCell iso={createdAt} />, {attempts} {attempts === 1 ? "attempt" : "attempts"}: {lastError}
        </p>
      </div>
      {canWrite && (
        <Button size="small" className="shrink-0" isBusy={replay.isPending} onClick={() => replay.mutate(messageId)}>
          Send again
        </Button>
      )}
    </li>
  );
}
