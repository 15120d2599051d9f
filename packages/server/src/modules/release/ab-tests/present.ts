import type { AbTest, AbTestEvent } from "@treadle/contract";
import type { AbTestRow, EventRow } from "./stores/ab-test-store.ts";

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const toAbTest = (row: AbTestRow): AbTest => ({
  abTestId: row.id,
  endpointId: row.endpointId,
  ...row.plan,
  endpoint: row.endpoint,
  state: row.state,
  winner: row.winner,
  shares: row.shares,
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const toEvent = ({ id, abTestId: _, at, ...row }: EventRow): AbTestEvent => ({
  eventId: id,
  at: at.toISOString(),
  ...row,
});
