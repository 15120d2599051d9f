import { KeyRound, Pencil, Trash2 } from "lucide-react";
import { explain } from "../../../api.ts";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { addressOf, KIND_NAMES } from "./channel-words.ts";
import { type Channel, useTestChannel } from "./use-notifications.ts";

type CardProps = {
  channel: Channel;
  canWrite: boolean;
  onEdit: () => void;
  onDelete: () => void;
  onRotate: () => void;
};

/** One receiver: where it is, its state, and its test. */
export function ChannelCard({ channel, canWrite, ...actions }: CardProps) {
  const { channelId, name, settings, disabledReason, lastError } = channel;
  const test = useTestChannel();
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 grow basis-60">
          <p className="font-medium [overflow-wrap:anywhere]">
            {name} <State channel={channel} />
          </p>
          <p className="text-sm break-all text-muted">
            {KIND_NAMES[settings.kind]}, {addressOf(settings)}
          </p>
          <p className="text-sm text-muted">
            <Counts channel={channel} />
          </p>
        </div>
        {canWrite && (
          <Actions {...actions} channel={channel} onTest={() => test.mutate(channelId)} isTesting={test.isPending} />
        )}
      </div>
      {(disabledReason || lastError) && (
        <p className="rounded-control bg-warn-soft px-3 py-2 text-sm [overflow-wrap:anywhere]">
          {disabledReason ? `Disabled by the receiver: ${disabledReason}` : lastError}
        </p>
      )}
      <TestResult result={test.data} error={test.error} />
    </li>
  );
}

type ActionProps = Omit<CardProps, "canWrite"> & { onTest: () => void; isTesting: boolean };

function Actions({ channel: { name, settings }, onTest, isTesting, onEdit, onDelete, onRotate }: ActionProps) {
  return (
    <div className="flex shrink-0 items-center gap-1">
      <Button size="small" onClick={onTest} isBusy={isTesting}>
        Test
      </Button>
      {settings.kind === "webhook" && (
        <IconButton label={`Rotate the secret of ${name}`} onClick={onRotate}>
          <KeyRound size={14} />
        </IconButton>
      )}
      <IconButton label={`Edit ${name}`} onClick={onEdit}>
        <Pencil size={14} />
      </IconButton>
      <IconButton label={`Delete ${name}`} onClick={onDelete}>
        <Trash2 size={14} />
      </IconButton>
    </div>
  );
}

type ResultProps = { result: { isDelivered: boolean; message: string } | undefined; error: Error | null };

function TestResult({ result, error }: ResultProps) {
  if (error)
    return (
      <p role="alert" className="text-sm text-bad">
        {explain(error)}
      </p>
    );
  if (!result) return null;
  return (
    <p role="status" className={`text-sm [overflow-wrap:anywhere] ${result.isDelivered ? "text-good" : "text-bad"}`}>
      {result.isDelivered ? "Test passed: " : "Test failed: "}
      {result.message}
    </p>
  );
}

function State({ channel: { isEnabled, lastError, waiting } }: { channel: Channel }) {
  const [look, word] = !isEnabled
    ? ["text-muted", "disabled"]
    : lastError
      ? ["text-warn", waiting > 0 ? "retrying" : "last attempt failed"]
      : ["text-good", "enabled"];
  return <span className={`ml-1 text-sm font-normal whitespace-nowrap ${look}`}>● {word}</span>;
}

function Counts({ channel: { lastDeliveredAt, waiting, dead, perMinute } }: { channel: Channel }) {
  return (
    <>
      {lastDeliveredAt ? (
        <>
          Last delivered <AgoCell iso={lastDeliveredAt} />
        </>
      ) : (
        "Nothing delivered yet"
      )}
      {waiting > 0 && <span className="num"> · {waiting} waiting</span>}
      {dead > 0 && <span className="num text-bad"> · {dead} failed</span>}
      <span className="num"> · at most {perMinute} per minute</span>
    </>
  );
}
