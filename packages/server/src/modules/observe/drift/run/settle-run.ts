import type { DriftSignal } from "@treadle/contract";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Notice } from "../../../system/notifications/index.ts";
import type { DriftDeps } from "../stores/deps.ts";
import type { InvestigationRow } from "../stores/investigation-store.ts";
import { createRunStore } from "../stores/run-store.ts";
import type { WatchRow } from "../stores/watch-store.ts";
import type { DayResult } from "./compare-day.ts";
import { shiftDay } from "./days.ts";

type Settled = { readonly scope: Scope; readonly watch: WatchRow; readonly day: string; readonly done: DayResult };

/** Stores the result of a day. A confirmed change opens an investigation, or continues the one it belongs to. */
export async function settleRun(deps: DriftDeps, settled: Settled): Promise<void> {
  const { watch, day, done } = settled;
  const now = new Date(deps.clock.now());
  await deps.db.transaction(async (tx) => {
    await createRunStore(tx).finishRun(watch.projectId, { watchId: watch.id, day }, { ...done, finishedAt: now });
    if (done.verdict === "confirmed") await investigate(deps, tx, { ...settled, now });
  });
}

type Found = Settled & { readonly now: Date };

async function investigate({ announce }: DriftDeps, tx: Postgres, found: Found): Promise<void> {
  const { scope, watch, day, done } = found;
  const store = createRunStore(tx);
  const newest = await store.findNewest(watch.projectId, watch.id);
  const signals = done.result.signals.filter(({ isConfirmed }) => isConfirmed).map(({ signal }) => signal);
  if (newest && isSameChange(newest, day, signals)) {
    const changes = continued(newest, found, signals);
    await store.updateInvestigation(watch.projectId, newest.id, changes);
    return;
  }
  const row = toRow(found, signals);
  await store.createInvestigation(row);
  await announce(tx, scope, noticeOf(found, row));
}

/** What a further day of the same change adds to an investigation. */
function continued(newest: InvestigationRow, { day, done }: Found, signals: readonly string[]) {
  const isLater = day >= newest.lastDay;
  const all = [...new Set([...newest.signals, ...signals])];
  const { summary, explanations } = done.result;
  const shown = newest.closedAt === null && isLater ? { summary, explanations } : {};
  return { lastDay: isLater ? day : newest.lastDay, signals: all, ...shown };
}

const noticeOf = ({ watch, day, done, now }: Found, { id, title, summary }: InvestigationRow): Notice => ({
  subject: { kind: "drift", id },
  event: "info",
  key: id,
  severity: "info",
  labels: watch.labels,
  group: watch.id,
  title,
  text: summary.join("\n"),
  facts: factsOf(watch, day, done),
  links: [{ label: "Drift", path: `/drift/${watch.id}` }],
  at: now,
});

/** An unfinished investigation takes every change. A finished one takes the same change while it continues. */
function isSameChange({ closedAt, state, lastDay, signals }: InvestigationRow, day: string, now: readonly string[]) {
  if (closedAt === null) return true;
  const continues = day <= shiftDay(lastDay, 3);
  return state === "closed" && continues && now.every((signal) => signals.includes(signal));
}

function toRow({ watch, day, done, now }: Found, signals: readonly string[]): InvestigationRow {
  return {
    id: newId("dinv", now.getTime()),
    projectId: watch.projectId,
    watchId: watch.id,
    state: "open",
    title: titleOf(watch, done.result.signals),
    firstDay: shiftDay(day, -1),
    lastDay: day,
    signals,
    summary: done.result.summary,
    explanations: done.result.explanations,
    note: "",
    owner: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  };
}

const titleOf = ({ name }: WatchRow, signals: readonly DriftSignal[]): string => {
  const strongest = signals.find(({ isConfirmed }) => isConfirmed);
  return `Drift in ${name}: ${strongest?.label ?? "texts changed"}`;
};

function factsOf(watch: WatchRow, day: string, { result }: DayResult) {
  return [
    { label: "Endpoint", value: watch.endpoint === "" ? "All" : watch.endpoint },
    { label: "Compared", value: watch.side === "inputs" ? "User messages" : "Responses" },
    { label: "Day", value: day },
    { label: "Texts", value: `${result.currentTexts} against ${result.referenceTexts}` },
  ];
}
