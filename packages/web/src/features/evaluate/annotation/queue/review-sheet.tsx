import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { ScrollBox } from "../../../../components/layout/scroll-box.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { formatDuration, formatPercent } from "../../../../components/text/format.ts";
import { ItemComments } from "../item/item-comments.tsx";
import { ItemContent } from "../item/item-content.tsx";
import { SuggestionNote } from "../item/suggestion-note.tsx";
import { wordsOfValue } from "../item/value-words.ts";
import { STATUS_LOOKS } from "../shared/queue-words.ts";
import type { Queue } from "../shared/use-queues.ts";
import { SettleForm } from "./settle-form.tsx";
import { useItem, useItemChanges, type WholeItem } from "./use-queue-reports.ts";

type SheetProps = { queue: Queue; itemId: string; position: string; go: (by: number) => void; close: () => void };

/** One item next to the list: its content, all answers, and the form for the final answer. */
export function ReviewSheet({ queue, itemId, position, go, close }: SheetProps) {
  const item = useItem(itemId);
  const [isDiscussing, setIsDiscussing] = useState(false);
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-30 flex w-[min(820px,100%)] animate-[sheet-in_150ms_ease-out] flex-col border-line border-l bg-bg outline-none"
        >
          <header className="flex items-center gap-2 border-line border-b bg-panel py-2 pr-2 pl-4">
            <Radix.Title className="min-w-0 grow truncate font-semibold">Item {position}</Radix.Title>
            <IconButton label="Previous item" onClick={() => go(-1)}>
              <ChevronUp size={16} />
            </IconButton>
            <IconButton label="Next item" onClick={() => go(1)}>
              <ChevronDown size={16} />
            </IconButton>
            <Button size="small" onClick={() => setIsDiscussing(true)}>
              Comments
            </Button>
            <Radix.Close asChild>
              <IconButton label="Close (Esc)">
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          <div className="flex min-h-0 grow flex-col gap-4 overflow-y-auto p-4">
            {item.error && !item.data ? (
              <ErrorState error={item.error} retry={() => item.refetch()} title="The item could not be loaded" />
            ) : !item.data ? (
              <Skeleton className="h-60" />
            ) : (
              <Body queue={queue} item={item.data} />
            )}
          </div>
        </Radix.Content>
      </Radix.Portal>
      {isDiscussing && <ItemComments itemId={itemId} close={() => setIsDiscussing(false)} />}
    </Radix.Root>
  );
}

function Body({ queue, item }: { queue: Queue; item: WholeItem }) {
  const { status, agreement, source, content, suggestion, gold } = item;
  const candidates = content.candidates.map(({ id, fields }) => ({ key: id, fields }));
  return (
    <>
      <p className="num flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <span className={STATUS_LOOKS[status].look}>● {STATUS_LOOKS[status].word}</span>
        {agreement !== null && <span>{formatPercent(agreement)} agreement</span>}
        {source.traceId && (
          <Link
            to="/traces/$traceId"
            params={{ traceId: source.traceId }}
            className="text-accent underline underline-offset-2"
          >
            Trace
          </Link>
        )}
        {source.datasetId && (
          <Link
            to="/datasets/$datasetId"
            params={{ datasetId: source.datasetId }}
            search={{ open: source.itemId ?? undefined }}
            className="text-accent underline underline-offset-2"
          >
            Dataset item
          </Link>
        )}
        {Object.entries(item.metadata).map(([key, value]) => (
          <span key={key} className="[overflow-wrap:anywhere]">
            {key}: {value}
          </span>
        ))}
      </p>
      {item.reason && <p className="num text-sm text-muted [overflow-wrap:anywhere]">Reason: {item.reason}</p>}
      <ItemContent content={{ fields: content.fields, candidates }} />
      {suggestion && <SuggestionNote suggestion={suggestion} />}
      <Answers queue={queue} item={item} />
      {gold && (
        <p className="text-muted">
          Test item. Correct answer:{" "}
          {Object.entries(gold)
            .map(([key, value]) => `${key}: ${wordsOfValue(value)}`)
            .join(", ")}
          .
        </p>
      )}
      <SettleForm key={item.adjudicationVersion} queue={queue} item={item} />
      <Change item={item} />
    </>
  );
}

/** The answers by question and person, with differences highlighted. */
function Answers({ queue, item }: { queue: Queue; item: WholeItem }) {
  const current = item.answers.filter(({ isCurrent, status }) => isCurrent && status !== "undone");
  if (current.length === 0) return <p className="text-muted">No answers yet.</p>;
  return (
    <ScrollBox label="Answers" className="card shrink-0">
      <table className="w-full">
        <thead>
          <tr className="border-line border-b text-left text-xs text-muted">
            <th className="h-8 px-3 font-normal">Person</th>
            {queue.questions.map(({ key, title }) => (
              <th key={key} className="max-w-60 truncate px-2 font-normal" title={title}>
                {title}
              </th>
            ))}
            <th className="px-2 font-normal">Time</th>
            <th className="px-3 font-normal">Submitted</th>
          </tr>
        </thead>
        <tbody>
          {current.map(({ answerId, annotator, status, answers, comment, msActive, createdAt }) => (
            <tr key={answerId} className="border-line border-b align-top last:border-0">
              <td className="px-3 py-2 whitespace-nowrap">
                {annotator.name}
                {status !== "submitted" && <span className="block text-xs text-warn">{status}</span>}
                {comment && <span className="block max-w-60 text-xs whitespace-normal text-muted">{comment}</span>}
              </td>
              {queue.questions.map(({ key }) => (
                <td key={key} className="max-w-80 px-2 py-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
                  {wordsOfValue(answers[key])}
                </td>
              ))}
              <td className="num px-2 py-2 whitespace-nowrap text-muted">{formatDuration(msActive)}</td>
              <td className="px-3 py-2">
                <AgoCell iso={createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Change({ item: { itemId, status, priority, overlap } }: { item: WholeItem }) {
  const { update } = useItemChanges();
  const change = (next: Omit<Parameters<typeof update.mutate>[0], "itemId">, done: string) =>
    update.mutate({ itemId, ...next }, { onSuccess: () => toastDone(done) });
  return (
    <div className="flex flex-wrap gap-2">
      {(status === "removed" || status === "flagged") && (
        <Button size="small" onClick={() => change({ status: "open" }, "Returned to the queue")}>
          Return to queue
        </Button>
      )}
      <Button size="small" onClick={() => change({ overlap: overlap + 1 }, "Added one person")}>
        Add one person
      </Button>
      <Button size="small" onClick={() => change({ priority: Math.min(100, priority + 10) }, "Priority raised")}>
        Raise priority
      </Button>
      {status !== "removed" && (
        <Button size="small" kind="danger" onClick={() => change({ status: "removed" }, "Removed from the queue")}>
          Remove from queue
        </Button>
      )}
    </div>
  );
}
