import { Ellipsis, Pause, Pencil, Play, RefreshCw, Trash2 } from "lucide-react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { IconButton } from "../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { allowanceWords, scopeWords } from "./limit-words.ts";
import { UsageBars } from "./usage-bars.tsx";
import { type Limit, useLimitChanges } from "./use-limits.ts";

type OnAct = (action: "edit" | "delete", limit: Limit) => void;
type TableProps = { limits: readonly Limit[] | undefined; canWrite: boolean; onAct: OnAct };

/** The limits with their usage. */
export function LimitTable({ limits, canWrite, onAct }: TableProps) {
  const columns: readonly PlainColumn<Limit>[] = [
    { id: "name", header: "Limit", className: "w-full md:w-1/2 align-top", cell: (limit) => <What limit={limit} /> },
    {
      id: "usage",
      header: "Usage",
      isWide: true,
      className: "w-1/2 align-top",
      cell: (limit) => <UsageBars limit={limit} />,
    },
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      className: "w-px text-right! align-top",
      cell: (limit) => canWrite && <Actions limit={limit} onAct={onAct} />,
    },
  ];
  return <PlainTable label="Limits" columns={columns} rows={limits} idOf={({ limitId }) => limitId} />;
}

function What({ limit }: { limit: Limit }) {
  const { name, isEnabled, action, queueSeconds } = limit;
  return (
    <div className="flex min-w-0 flex-col py-1">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
        {!isEnabled && <span className="text-sm text-muted">● off</span>}
        {action === "warn" && <span className="text-sm text-warn">● only reports</span>}
      </span>
      <span className="text-xs text-muted [overflow-wrap:anywhere]">
        {allowanceWords(limit)} for {scopeWords(limit)}
        {queueSeconds > 0 && `. Calls wait up to ${queueSeconds} s.`}
      </span>
      {/* On a phone there is no room for a second column. */}
      <div className="mt-1 text-sm md:hidden">
        <UsageBars limit={limit} />
      </div>
    </div>
  );
}

type ActionsProps = { limit: Limit; onAct: OnAct };

function Actions({ limit, onAct }: ActionsProps) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for ${limit.name}`} size="small">
          <Ellipsis size={16} />
        </IconButton>
      }
    >
      <StateItems limit={limit} />
      <MenuItem icon={<Pencil size={14} />} onSelect={() => onAct("edit", limit)}>
        Edit…
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 size={14} />} onSelect={() => onAct("delete", limit)} isDanger>
        Delete…
      </MenuItem>
    </Menu>
  );
}

function StateItems({ limit: { limitId, name, isEnabled, window } }: Pick<ActionsProps, "limit">) {
  const { update, recompute } = useLimitChanges();
  const toggle = () =>
    void whenDone(update.mutateAsync({ limitId, body: { isEnabled: !isEnabled } }), () =>
      toastDone(isEnabled ? `Turned ${name} off` : `Turned ${name} on`),
    );
  const count = () => void whenDone(recompute.mutateAsync(limitId), () => toastDone(`Counted ${name} again`));
  return (
    <>
      <MenuItem icon={isEnabled ? <Pause size={14} /> : <Play size={14} />} onSelect={toggle}>
        {isEnabled ? "Turn off" : "Turn on"}
      </MenuItem>
      {(window === "day" || window === "month") && (
        <MenuItem icon={<RefreshCw size={14} />} onSelect={count}>
          Count again
        </MenuItem>
      )}
    </>
  );
}
