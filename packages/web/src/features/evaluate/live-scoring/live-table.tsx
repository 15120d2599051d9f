import { Link } from "@tanstack/react-router";
import { CalendarClock, Ellipsis, Handshake, History, ListChecks, Pause, Pencil, Play, Trash2 } from "lucide-react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { IconButton } from "../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../components/table/row-keys.ts";
import {
  formatCompact,
  formatCount,
  formatMoney,
  formatNumberOf,
  formatPercent,
} from "../../../components/text/format.ts";
import { type LiveRule, useRuleChanges } from "./use-live-rules.ts";

type LiveAction = "edit" | "scores" | "schedule" | "agreement" | "backfill" | "delete";
type TableProps = {
  rules: readonly LiveRule[] | undefined;
  canWrite: boolean;
  onAct: (action: LiveAction, rule: LiveRule) => void;
};

/** The table of rules with their status. The keys j and k move through it. */
export function LiveTable({ rules, canWrite, onAct }: TableProps) {
  const box = useRowKeys("Rules");
  const columns = [
    ...columnsFor(onAct),
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      className: "w-px text-right!",
      cell: (rule: LiveRule) => <Actions rule={rule} canWrite={canWrite} onAct={onAct} />,
    },
  ];
  return (
    <div ref={box}>
      <PlainTable
        label="Rules"
        columns={columns}
        rows={rules}
        idOf={({ ruleId }) => ruleId}
        onOpen={(rule) => onAct("scores", rule)}
      />
    </div>
  );
}

const columnsFor = (onAct: TableProps["onAct"]): readonly PlainColumn<LiveRule>[] => [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-48",
    cell: (rule) => (
      <span className="flex min-w-0 flex-col py-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <button
            type="button"
            data-row
            onClick={(event) => {
              event.stopPropagation();
              onAct("scores", rule);
            }}
            className="text-left font-medium [overflow-wrap:anywhere] hover:underline"
          >
            {rule.name}
          </button>
          <State rule={rule} />
        </span>
        <What rule={rule} />
        {rule.lastError && <span className="text-xs text-warn [overflow-wrap:anywhere]">{rule.lastError}</span>}
        {rule.counts.skipped > 0 && (
          <span className="text-xs text-muted">{formatNumberOf(rule.counts.skipped, "span")} skipped so far</span>
        )}
      </span>
    ),
  },
  {
    id: "scores",
    header: "Scores",
    isWide: true,
    className: "min-w-32",
    cell: ({ scoreNames }) => <span className="text-muted [overflow-wrap:anywhere]">{scoreNames.join(", ")}</span>,
  },
  {
    id: "share",
    header: "Share",
    isNumber: true,
    isWide: true,
    cell: ({ samplingRate }) => formatPercent(samplingRate),
  },
  { id: "scored", header: "Scored", isNumber: true, cell: ({ counts }) => <Count value={counts.scored} /> },
  {
    id: "none",
    header: <span title="These spans have no score. They do not count as zero">No score</span>,
    isNumber: true,
    isWide: true,
    cell: ({ counts }) => <Count value={counts.undefined} />,
  },
  {
    id: "failed",
    header: "Failed",
    isNumber: true,
    cell: ({ counts }) => <Count value={counts.failed} look={counts.failed > 0 ? "text-bad" : ""} />,
  },
  {
    id: "today",
    header: "Today",
    isNumber: true,
    isWide: true,
    cell: ({ today, budget }) => <Today today={today} budget={budget} />,
  },
  { id: "last", header: "Last scored", isWide: true, cell: ({ lastScoredAt }) => <AgoCell iso={lastScoredAt} /> },
];

const Count = ({ value, look = "" }: { value: number; look?: string }) => (
  <span title={formatCount(value)} className={look}>
    {formatCompact(value)}
  </span>
);

function State({ rule: { isEnabled, lastError, today } }: { rule: LiveRule }) {
  if (!isEnabled) return <span className="text-sm text-muted">● paused</span>;
  if (today.isOverBudget) return <span className="text-sm text-warn">● budget used up</span>;
  return lastError ? (
    <span className="text-sm text-warn">● error</span>
  ) : (
    <span className="text-sm text-good">● scoring</span>
  );
}

function What({ rule: { filter, target } }: { rule: LiveRule }) {
  const words = target === "roots" ? "root spans of traces" : "model responses";
  if (filter.trim() === "") return <span className="text-xs text-muted">All {words}</span>;
  return (
    <span className="text-xs text-muted">
      {words}:{" "}
      <Link
        to="/traces"
        search={{ view: "spans", filter }}
        title="Show matching spans"
        onClick={(event) => event.stopPropagation()}
        className="hover:text-text"
      >
        <code className="break-all underline decoration-line-strong underline-offset-2">{filter}</code>
      </Link>
    </span>
  );
}

function Today({ today, budget }: Pick<LiveRule, "today" | "budget">) {
  const spent = today.costUsd === null ? "unknown cost" : formatMoney(today.costUsd);
  const limit = [
    budget.usd === null ? "" : `$${budget.usd}`,
    budget.tokens === null ? "" : `${formatCompact(budget.tokens)} tokens`,
  ].filter(Boolean);
  return (
    <span className="whitespace-nowrap" title={`${formatNumberOf(today.tokens, "token")} today (UTC)`}>
      {spent}
      {limit.length > 0 && <span className="block text-xs text-muted">of {limit.join(", ")}</span>}
    </span>
  );
}

function Actions({ rule, canWrite, onAct }: { rule: LiveRule } & Omit<TableProps, "rules">) {
  const { ruleId, name, isEnabled } = rule;
  const { update } = useRuleChanges(isEnabled ? "The rule was not paused" : "The rule was not resumed");
  const toggle = () =>
    void whenDone(update.mutateAsync({ ruleId, body: { isEnabled: !isEnabled } }), () =>
      toastDone(isEnabled ? `Paused ${name}` : `Resumed ${name}`),
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only prevents clicks on the menu from opening the row.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same.
    <span onClick={(event) => event.stopPropagation()}>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Actions for ${name}`} size="small">
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <MenuItem icon={<ListChecks size={14} />} onSelect={() => onAct("scores", rule)}>
          Latest scores
        </MenuItem>
        <MenuItem icon={<CalendarClock size={14} />} onSelect={() => onAct("schedule", rule)}>
          Scheduled runs
        </MenuItem>
        <MenuItem icon={<Handshake size={14} />} onSelect={() => onAct("agreement", rule)}>
          Agreement with people
        </MenuItem>
        {canWrite && (
          <>
            <MenuItem icon={isEnabled ? <Pause size={14} /> : <Play size={14} />} onSelect={toggle}>
              {isEnabled ? "Pause" : "Resume"}
            </MenuItem>
            <MenuItem icon={<History size={14} />} onSelect={() => onAct("backfill", rule)}>
              Score past spans…
            </MenuItem>
            <MenuItem icon={<Pencil size={14} />} onSelect={() => onAct("edit", rule)}>
              Edit…
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<Trash2 size={14} />} onSelect={() => onAct("delete", rule)} isDanger>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
    </span>
  );
}
