import type { Shadow, ShadowPair } from "@treadle/contract";
import type { PairRow } from "./stores/pair-store.ts";
import type { ShadowRow } from "./stores/shadow-store.ts";

export const toShadow = (row: ShadowRow, date: string): Shadow => ({
  shadowId: row.id,
  endpointId: row.endpointId,
  ...row.plan,
  endpoint: row.endpoint,
  state: row.state,
  reason: row.reason,
  message: row.message,
  counts: row.counts,
  costUsd: row.costUsd,
  today: row.day.date === date ? { requests: row.day.requests, costUsd: row.day.costUsd } : { requests: 0, costUsd: 0 },
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

export const toPair = ({ id, shadowId: _, at, differs: _differs, ...row }: PairRow): ShadowPair => ({
  pairId: id,
  at: at.toISOString(),
  ...row,
});
