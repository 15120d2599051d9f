import { CircleAlert, CircleCheck, Ellipsis } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { formatDuration } from "../../../components/text/format.ts";
import { type Connection, useDeleteConnection, useTestConnection, useUpdateConnection } from "./use-connections.ts";

type CardProps = { connection: Connection; onEdit: (() => void) | undefined };

/** One connection: its URL, keys and the result of its last test. */
export function ConnectionCard({ connection, onEdit }: CardProps) {
  const test = useTestConnection();
  const { slug, name, baseUrl, keys, models, isEnabled, cacheTtlSeconds } = connection;
  const facts = [
    keys.length === 0 ? "no key" : keys.length === 1 ? `key …${keys[0]?.hint}` : `${keys.length} keys`,
    models.length > 0 && `${models.length} ${models.length === 1 ? "model" : "models"} without prefix`,
    cacheTtlSeconds > 0 && `exact cache for ${formatDuration(cacheTtlSeconds * 1_000)}`,
  ].filter(Boolean);
  return (
    <li className={`px-4 py-3 last:rounded-b-card ${isEnabled ? "" : "bg-bg"}`}>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-64 grow basis-80">
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium">{name}</span>
            <code className="text-xs text-muted">{slug}/…</code>
            {!isEnabled && <span className="rounded border border-line bg-raised px-1.5 text-xs">disabled</span>}
          </p>
          <p className="truncate text-muted">{baseUrl}</p>
          <p className="num mt-0.5 text-xs text-muted">{facts.join(" · ")}</p>
        </div>
        {onEdit && (
          <div className="flex items-center gap-2 self-center">
            <Button isBusy={test.isPending} onClick={() => test.mutate(connection.connectionId)}>
              Test
            </Button>
            <Button onClick={onEdit}>Edit</Button>
            <MoreMenu connection={connection} />
          </div>
        )}
      </div>
      {test.data && (
        <TestResult
          isOk={test.data.ok}
          message={test.data.message}
          note={formatDuration(test.data.durationMs)}
          models={test.data.models}
        />
      )}
      {test.error && <TestResult isOk={false} message={explain(test.error)} />}
    </li>
  );
}

function TestResult({
  isOk,
  message,
  note,
  models = [],
}: {
  isOk: boolean;
  message: string;
  note?: string;
  models?: readonly string[];
}) {
  const Icon = isOk ? CircleCheck : CircleAlert;
  return (
    <div
      role="status"
      className={`mt-2 flex items-start gap-2 rounded-control px-3 py-2 ${isOk ? "bg-accent-soft" : "bg-bad-soft"}`}
    >
      <Icon aria-hidden size={14} className={`mt-0.5 shrink-0 ${isOk ? "text-good" : "text-bad"}`} />
      <div className="min-w-0">
        <p className="break-words">
          {message} {note && <span className="num text-muted">{note}</span>}
        </p>
        {models.length > 0 && <p className="line-clamp-2 text-xs text-muted">{models.join(", ")}</p>}
      </div>
    </div>
  );
}

function MoreMenu({ connection }: { connection: Connection }) {
  const update = useUpdateConnection("The connection was not changed");
  const remove = useDeleteConnection();
  const [isDeleting, setIsDeleting] = useState(false);
  const trigger = (
    <IconButton label={`Actions for ${connection.name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        <MenuItem
          onSelect={() =>
            update.mutate({ connectionId: connection.connectionId, body: { isEnabled: !connection.isEnabled } })
          }
        >
          {connection.isEnabled ? "Disable" : "Enable"}
        </MenuItem>
        <MenuLine />
        <MenuItem isDanger onSelect={() => setIsDeleting(true)}>
          Delete…
        </MenuItem>
      </Menu>
      {isDeleting && (
        <ConfirmDialog
          title={`Delete connection ${connection.name}?`}
          verb="Delete connection and keys"
          phrase={connection.slug}
          isBusy={remove.isPending}
          onConfirm={() =>
            void whenDone(remove.mutateAsync(connection.connectionId), () => toastDone(`Deleted ${connection.name}`))
          }
          close={() => setIsDeleting(false)}
        >
          {connection.keys.length > 0
            ? `Its ${connection.keys.length === 1 ? "key is" : `${connection.keys.length} keys are`} also deleted and cannot be recovered. `
            : ""}
          Requests for <code>{connection.slug}/…</code> will fail. Recorded traces remain.
        </ConfirmDialog>
      )}
    </>
  );
}
