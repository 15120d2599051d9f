import type { RolloutEvent, RolloutEvidence, RolloutReason } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createHistoryStore } from "../stores/history-store.ts";
import { createRolloutStore, type RolloutChanges, type RolloutRow } from "../stores/rollout-store.ts";
import type { RolloutDeps } from "./deps.ts";

/** What a transition does to the endpoint's traffic. */
export type Routing = "share" | "release" | "promote" | "none";

export type Transition = {
  readonly kind: RolloutEvent["kind"];
  readonly reason: RolloutReason | null;
  readonly message: string;
  readonly evidence: RolloutEvidence | null;
  readonly routing: Routing;
  readonly changes: RolloutChanges;
  /** The incident of the monitor that caused it, which gets an entry too. */
  readonly incidentId?: string | null | undefined;
};

type Deps = Pick<RolloutDeps, "db" | "endpoints" | "audit" | "clock" | "settle" | "log" | "monitors">;
type WriteDeps = Pick<Deps, "endpoints" | "audit" | "clock" | "monitors">;

/**
 * Changes a rollout: its row, its event, the endpoint's routing and the audit entry are stored together or not at all, so
 * that a crash never leaves one without the others.
 */
export function createTransitions(deps: Deps) {
  const { db, endpoints } = deps;

  /** Undefined when another transition came first. */
  async function tryApply(scope: Scope, row: RolloutRow, transition: Transition): Promise<RolloutRow | undefined> {
    const updated = await db.transaction((tx) => writeTransition(deps, tx, { scope, row, transition }));
    if (updated && transition.routing !== "none") endpoints.forget(scope.projectId);
    if (updated && updated.endedAt !== null) await settleNow(deps, updated);
    return updated;
  }

  /** Throws `conflict` when another transition came first. */
  async function apply(scope: Scope, row: RolloutRow, transition: Transition): Promise<RolloutRow> {
    const updated = await tryApply(scope, row, transition);
    if (updated) return updated;
    throw new AppError("conflict", {
      message: "The rollout has changed in the meantime. Read it again, then decide.",
      details: { rolloutId: row.id },
    });
  }

  return { tryApply, apply };
}
export type Transitions = ReturnType<typeof createTransitions>;

/** The rollout has ended whatever happens here. The next evaluation tries again. */
async function settleNow({ settle, log }: Deps, { id: rolloutId, projectId }: RolloutRow): Promise<void> {
  try {
    await settle(projectId);
  } catch (error) {
    log.warn({ error, rolloutId }, "the end of a rollout has not reached its deployment yet");
  }
}

type Subject = { readonly scope: Scope; readonly row: RolloutRow };

/** Within the caller's transaction. Undefined when another transition came first. */
export async function writeTransition(
  deps: WriteDeps,
  tx: Postgres,
  { scope, row, transition }: Subject & { readonly transition: Transition },
): Promise<RolloutRow | undefined> {
  const { audit, clock } = deps;
  const { kind, reason, message, evidence, routing, changes } = transition;
  const now = new Date(clock.now());
  const next = { reason, message, updatedAt: now, revision: row.revision + 1, ...changes };
  const updated = await createRolloutStore(tx).updateAt(row, next);
  if (!updated) return undefined;
  await route(deps, tx, { scope, row: updated, routing });
  const { id, stage, share } = updated;
  const event = { id: newId("revt", clock.now()), rolloutId: id, at: now, kind, stage, share, reason, message };
  await createHistoryStore(tx).addEvent({ ...event, evidence, actor: scope.actor });
  const details = { endpoint: row.endpoint, candidate: row.plan.candidate, stage, share, reason, message, evidence };
  await audit.record(scope, { action: `rollout.${kind}`, target: id, details }, tx);
  await noteOnIncident(deps, tx, { scope, row: updated, transition });
  return updated;
}

const REACTIONS: Partial<Record<Transition["kind"], string>> = {
  "rolled-back": "rolled back",
  holding: "holds",
  warned: "shows a warning",
};

async function noteOnIncident(
  { monitors }: WriteDeps,
  tx: Postgres,
  { scope, row, transition: { kind, incidentId } }: Subject & { readonly transition: Transition },
): Promise<void> {
  if (!incidentId) return;
  const text = `The rollout of ${row.plan.candidate} on ${row.endpoint} ${REACTIONS[kind] ?? "changed"}.`;
  await monitors.noteOnIncident(tx, scope, { incidentId, rolloutId: row.id, text });
}

async function route({ endpoints }: WriteDeps, tx: Postgres, { scope, row, routing }: Subject & { routing: Routing }) {
  const { id: rolloutId, endpointId, share } = row;
  const { candidate, control } = row.plan;
  if (routing === "share")
    await endpoints.setRollout(tx, scope, { endpointId, rollout: { rolloutId, candidate, control, share } });
  if (routing === "release") await endpoints.setRollout(tx, scope, { endpointId, rollout: null });
  if (routing === "promote") await endpoints.promote(tx, scope, { endpointId, candidate, control });
}
