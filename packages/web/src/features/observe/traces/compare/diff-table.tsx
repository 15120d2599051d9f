import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { SplitView } from "../../../../components/layout/split-view.tsx";
import {
  formatCount,
  formatDuration,
  formatExactTime,
  formatMoney,
  formatPercent,
} from "../../../../components/text/format.ts";
import { totalsOf } from "../model/trace-errors.ts";
import type { LoadedTrace } from "../model/use-trace.ts";
import { KindIcon } from "../span/span-kind.tsx";
import { bringIntoSight, ROW_HEIGHT } from "../tree/row-scroll.ts";
import { nameOf } from "../tree/trace-parts.tsx";
import { DiffPair } from "./diff-pair.tsx";
import { type DiffRow, diffTraces, isDifferent } from "./trace-diff.ts";

type DiffProps = { left: LoadedTrace; right: LoadedTrace; leave: () => void };

/** Two traces merged: totals on top, steps below, and the selected step of both at the side. */
export function DiffTable({ left, right, leave }: DiffProps) {
  const [isShort, setIsShort] = useState(false);
  const all = useMemo(() => diffTraces(left.model, right.model), [left.model, right.model]);
  const rows = useMemo(
    () => (isShort ? all.filter((row) => isDifferent(row, left.model, right.model)) : all),
    [all, isShort, left.model, right.model],
  );
  const [chosen, setChosen] = useState<DiffRow>();
  // Reading begins at the first step of both traces that went another way.
  const open =
    chosen ?? all.find((row) => row.a >= 0 && row.b >= 0 && isDifferent(row, left.model, right.model)) ?? all[0];
  const list = (
    <div className="flex h-full min-h-0 flex-col">
      <Totals left={left} right={right} leave={leave} />
      <div className="flex h-9 shrink-0 items-center gap-3 border-line border-b px-3">
        <Checkbox
          label="Only steps that differ"
          checked={isShort}
          onChange={(event) => setIsShort(event.target.checked)}
        />
        <span className="num ml-auto text-xs text-muted">
          {formatCount(rows.length)} of {formatCount(all.length)} steps
        </span>
      </div>
      <div aria-hidden className="flex h-7 shrink-0 items-center gap-2 border-line border-b pr-3 text-xs text-muted">
        <span className="min-w-0 grow pl-3">Step</span>
        <span className="w-16 text-right">This</span>
        <span className="w-16 text-right">Other</span>
        <span className={CHANGE}>Time</span>
        <span className={CHANGE}>Tokens</span>
        <span className={CHANGE}>Cost</span>
      </div>
      <DiffRows rows={rows} open={open} left={left} right={right} onOpen={setChosen} />
    </div>
  );
  return (
    <SplitView
      name="compare"
      first={list}
      second={<div className="h-full overflow-y-auto">{open && <DiffPair row={open} left={left} right={right} />}</div>}
    />
  );
}

function Totals({ left, right, leave }: DiffProps) {
  const a = totalsOf(left.model);
  const b = totalsOf(right.model);
  const facts = [
    { label: "Duration", a: a.durationMs, b: b.durationMs, write: formatDuration },
    { label: "Spans", a: left.model.count, b: right.model.count, write: formatCount },
    { label: "Errors", a: a.errors, b: b.errors, write: formatCount },
    { label: "Tokens", a: a.inputTokens + a.outputTokens, b: b.inputTokens + b.outputTokens, write: formatCount },
    { label: "Cost", a: a.costUsd, b: b.costUsd, write: formatMoney },
  ];
  return (
    <div className="shrink-0 overflow-x-auto border-line border-b bg-panel">
      <table aria-label="Totals of both traces" className="num w-full text-sm">
        <thead>
          <tr className="text-xs text-muted">
            <th className="px-3 py-1.5 text-left font-normal">
              <Button size="small" onClick={leave}>
                Choose another trace
              </Button>
            </th>
            {facts.map(({ label }) => (
              <th key={label} scope="col" className="px-3 py-1.5 text-right font-normal">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row" className="max-w-60 truncate px-3 py-1 text-left font-medium">
              This trace
              <span className="ml-2 max-md:hidden text-xs font-normal text-muted">{timeOf(left)}</span>
            </th>
            {facts.map(({ label, a: value, write }) => (
              <td key={label} className="px-3 py-1 text-right">
                {write(value ?? 0)}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row" className="max-w-60 truncate px-3 py-1 text-left font-medium">
              <Link to="/traces/$traceId" params={{ traceId: right.traceId }} className="underline underline-offset-2">
                {nameOf(right)}
              </Link>
              <span className="ml-2 max-md:hidden text-xs font-normal text-muted">{timeOf(right)}</span>
            </th>
            {facts.map(({ label, a: before, b: value, write }) => (
              <td key={label} className="px-3 py-1 text-right">
                {write(value ?? 0)} <span className="text-xs text-muted">{changeOf(before, value)}</span>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

const timeOf = ({ model }: LoadedTrace) => formatExactTime(new Date(model.beganAt).toISOString());

/** The change from the first to the second, in percent of the first; empty where it is not meaningful. */
function changeOf(before: number | null, now: number | null): string {
  if (before === null || now === null || before === 0 || before === now) return "";
  const share = (now - before) / before;
  return `${share > 0 ? "+" : "−"}${formatPercent(Math.abs(share))}`;
}

const CHANGE = "num w-13 shrink-0 text-right text-xs max-md:hidden";
const tokensOf = ({ model: { sums } }: LoadedTrace, place: number) =>
  (sums.inputTokens[place] ?? 0) + (sums.outputTokens[place] ?? 0);
const costOf = ({ model: { sums } }: LoadedTrace, place: number) =>
  (sums.priced[place] ?? 0) > 0 ? (sums.costUsd[place] ?? 0) : null;

type RowsProps = {
  rows: readonly DiffRow[];
  open: DiffRow | undefined;
  left: LoadedTrace;
  right: LoadedTrace;
  onOpen: (row: DiffRow) => void;
};

function DiffRows({ rows, open, left, right, onOpen }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const baseId = useId();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const index = open ? rows.indexOf(open) : -1;
  useEffect(() => {
    if (box.current && index >= 0) bringIntoSight(box.current, index);
  }, [index]);
  function step(by: number) {
    const to = Math.min(rows.length - 1, Math.max(0, index + by));
    const row = rows[to];
    if (row) onOpen(row);
  }
  useKeys("Compared steps", [
    { keys: "j", label: "Next step", run: () => step(1) },
    { keys: "k", label: "Previous step", run: () => step(-1) },
  ]);
  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    step(by);
  }
  return (
    <div
      ref={box}
      role="listbox"
      tabIndex={0}
      aria-label="Steps in both traces"
      aria-activedescendant={items.some(({ index: at }) => at === index) ? `${baseId}-${index}` : undefined}
      onKeyDown={onKeyDown}
      className="min-h-0 grow overflow-y-auto focus-visible:-outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index: at, start }) => {
          const row = rows[at];
          if (!row) return null;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus and names this row as the active one.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list move through its rows.
            <div
              key={at}
              role="option"
              id={`${baseId}-${at}`}
              aria-selected={row === open}
              onClick={() => onOpen(row)}
              className={`absolute inset-x-0 flex cursor-pointer items-center gap-2 pr-3 ${row === open ? "bg-accent-soft" : "hover:bg-raised"}`}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
            >
              <DiffCells row={row} left={left} right={right} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function DiffCells({ row, left, right }: { row: DiffRow; left: LoadedTrace; right: LoadedTrace }) {
  const [model, place] = row.a >= 0 ? [left.model, row.a] : [right.model, row.b];
  const isPaired = row.a >= 0 && row.b >= 0;
  const before = row.a >= 0 ? (left.model.duration[row.a] ?? 0) : null;
  const now = row.b >= 0 ? (right.model.duration[row.b] ?? 0) : null;
  const status = [left.model.statuses[row.a], right.model.statuses[row.b]];
  return (
    <>
      <span
        className="flex min-w-0 grow items-center gap-1.5"
        style={{ paddingLeft: 10 + Math.min(row.depth, 12) * 14 }}
      >
        <KindIcon kind={model.kinds[place] ?? "span"} />
        <span className="truncate">{model.names[place]}</span>
        {!isPaired && (
          <span className={`shrink-0 rounded px-1.5 text-xs ${row.a >= 0 ? "bg-bad-soft" : "bg-accent-soft"}`}>
            {row.a >= 0 ? "this trace only" : "other trace only"}
          </span>
        )}
        {isPaired && status[0] !== status[1] && (
          <span className="shrink-0 text-xs font-medium text-bad">
            {status[0]} → {status[1]}
          </span>
        )}
      </span>
      <span className="num w-16 shrink-0 text-right text-xs text-muted">{formatDuration(before)}</span>
      <span className="num w-16 shrink-0 text-right text-xs text-muted">{formatDuration(now)}</span>
      <span className={CHANGE}>{changeOf(before, now)}</span>
      <span className={CHANGE}>{isPaired && changeOf(tokensOf(left, row.a), tokensOf(right, row.b))}</span>
      <span className={CHANGE}>{isPaired && changeOf(costOf(left, row.a), costOf(right, row.b))}</span>
    </>
  );
}
