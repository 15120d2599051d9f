import type { Rollout, RolloutEvent, RolloutPoint } from "@treadle/contract";
import type { EventRow, PointRow } from "./stores/history-store.ts";
import type { RolloutRow } from "./stores/rollout-store.ts";

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const toRollout = (row: RolloutRow): Rollout => ({
  rolloutId: row.id,
  endpointId: row.endpointId,
  ...row.plan,
  endpoint: row.endpoint,
  state: row.state,
  stage: row.stage,
  share: row.share,
  reason: row.reason,
  message: row.message,
  lastError: row.lastError,
  evidence: row.evidence,
  startedAt: iso(row.startedAt),
  stageStartedAt: iso(row.stageStartedAt),
  endsAt: iso(row.deadline),
  endedAt: iso(row.endedAt),
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const toEvent = ({ id, rolloutId: _, at, ...row }: EventRow): RolloutEvent => ({
  eventId: id,
  at: at.toISOString(),
  ...row,
});

export const toPoint = ({ rolloutId: _, at, ...row }: PointRow): RolloutPoint => ({ at: at.toISOString(), ...row });
