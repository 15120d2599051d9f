import {
  SLO_HISTORY_DAYS,
  type Slo,
  type SloDay,
  type SloInput,
  type SloJudge,
  type SloPreview,
} from "@treadle/contract";
import { noticesOf } from "./burn-pairs.ts";
import { addDays, computeDays, computeStatus, dayOf, type SloCounts } from "./compute-status.ts";
import type { SloHistory } from "./status-page/deps.ts";
import type { SloRow } from "./store.ts";

export const toInput = (row: SloRow): SloInput => ({
  name: row.name,
  description: row.description,
  endpoint: row.endpoint,
  filter: row.filter,
  counts: row.counts,
  indicator: row.indicator,
  objective: row.objective,
  windowDays: row.windowDays,
  alerts: row.alerts,
});

/** What an SLO counted, and what is estimated from it, at a time. */
export type Computed = { readonly counts: SloCounts; readonly judge: SloJudge | null; readonly now: number };

export const toSlo = (row: SloRow, { counts, judge, now }: Computed): Slo => ({
  sloId: row.id,
  ...toInput(row),
  monitorId: row.monitorId,
  notices: noticesOf(row),
  status: computeStatus(row, counts, now),
  judge,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const toPreview = (input: SloInput, { counts, judge, now }: Computed): SloPreview => ({
  status: computeStatus(input, counts, now),
  judge,
  notices: noticesOf(input),
  days: historyOf(input, counts, now),
});

export const toHistory = (row: SloRow, { counts, now }: Pick<Computed, "counts" | "now">): SloHistory => ({
  slo: {
    endpoint: row.endpoint,
    indicator: row.indicator,
    objective: row.objective,
    status: computeStatus(row, counts, now),
  },
  days: historyOf(row, counts, now),
});

export function historyOf(goal: Pick<SloInput, "objective" | "windowDays">, counts: SloCounts, now: number): SloDay[] {
  const to = dayOf(now);
  return computeDays(goal, counts, { from: addDays(to, 1 - SLO_HISTORY_DAYS), to });
}
