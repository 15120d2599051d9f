import { Pencil, Trash2 } from "lucide-react";
import { explain } from "../../../api.ts";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type Forwarder, useTestForwarder, useUpdateForwarder } from "./use-forwarders.ts";

type CardProps = { forwarder: Forwarder; canWrite: boolean; onEdit: () => void; onDelete: () => void };

/** One receiver: its address, its filter, and its state. */
export function ForwarderCard({ forwarder, canWrite, onEdit, onDelete }: CardProps) {
  const { forwarderId, name, url, filter, includesContent, isEnabled } = forwarder;
  const test = useTestForwarder();
  const update = useUpdateForwarder(isEnabled ? "The forwarder was not paused" : "The forwarder was not resumed");
  const what = [filter === "" ? "all spans" : filter, ...(includesContent ? [] : ["without content"])].join(", ");
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <p className="font-medium break-words">
            {name} <State forwarder={forwarder} />
          </p>
          <p className="text-sm break-all text-muted">
            <code className="text-xs">{url}</code>
          </p>
          <p className="mt-0.5 text-sm break-words text-muted">
            <Counts forwarder={forwarder} /> · {filter === "" ? what : <code className="text-xs">{what}</code>}
          </p>
        </div>
        {canWrite && (
          <div className="flex shrink-0 items-center gap-1">
            <Button size="small" onClick={() => test.mutate(forwarderId)} isBusy={test.isPending}>
              Test
            </Button>
            <Button
              size="small"
              className="max-md:hidden"
              onClick={() => update.mutate({ forwarderId, body: { isEnabled: !isEnabled } })}
              isBusy={update.isPending}
            >
              {isEnabled ? "Pause" : "Resume"}
            </Button>
            <IconButton label={`Edit ${name}`} onClick={onEdit}>
              <Pencil size={14} />
            </IconButton>
            <IconButton label={`Delete ${name}`} onClick={onDelete}>
              <Trash2 size={14} />
            </IconButton>
          </div>
        )}
      </div>
      {forwarder.lastError && (
        <p className="rounded-control bg-warn-soft px-3 py-2 text-sm break-words">{forwarder.lastError}</p>
      )}
      {test.data && (
        <p role="status" className={`text-sm break-words ${test.data.isTaken ? "text-good" : "text-bad"}`}>
          {test.data.isTaken ? "Test passed: " : "Test failed: "}
          {test.data.message}
        </p>
      )}
      {test.error && (
        <p role="alert" className="text-sm text-bad">
          {explain(test.error)}
        </p>
      )}
    </li>
  );
}

function State({ forwarder: { isEnabled, lastError, nextTryAt } }: { forwarder: Forwarder }) {
  const [look, word] = !isEnabled
    ? ["text-muted", "paused"]
    : nextTryAt
      ? ["text-warn", "waiting for the receiver"]
      : lastError
        ? ["text-warn", "sending, some spans lost"]
        : ["text-good", "sending"];
  return <span className={`ml-1 text-sm font-normal ${look}`}>● {word}</span>;
}

function Counts({ forwarder: { sentSpans, refusedSpans, lastSentAt } }: { forwarder: Forwarder }) {
  return (
    <>
      <span className="num">{sentSpans.toLocaleString("en")}</span> sent
      {refusedSpans > 0 && (
        <>
          , <span className="num">{refusedSpans.toLocaleString("en")}</span> rejected
        </>
      )}
      {lastSentAt && (
        <>
          , last <AgoCell iso={lastSentAt} />
        </>
      )}
    </>
  );
}
