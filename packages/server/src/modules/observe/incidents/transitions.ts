import type { IncidentEvent } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { NoticeEvent } from "../../system/notifications/index.ts";
import type { IncidentsDeps } from "./deps.ts";
import { toNotice } from "./notice-of.ts";
import { createEventStore } from "./stores/event-store.ts";
import { createIncidentStore, type IncidentChanges, type IncidentRow } from "./stores/incident-store.ts";

export type Step = {
  readonly kind: IncidentEvent["kind"];
  readonly text: string;
  readonly actor: string;
  /** The name of the person. Omitted for the source of the incident. */
  readonly by?: string;
  readonly at: Date;
  readonly path?: string;
  /** The notice that follows. None for a change that people need not hear of. */
  readonly notice?: NoticeEvent;
};
type Deps = Pick<IncidentsDeps, "announce" | "audit">;

/** Within the caller's transaction: one entry of the timeline, and the notice that belongs to it. */
export async function recordStep(
  { announce }: Pick<Deps, "announce">,
  tx: Postgres,
  { scope, row, step }: { readonly scope: Scope; readonly row: IncidentRow; readonly step: Step },
): Promise<void> {
  const { kind, text, actor, by = null, at, path = null, notice } = step;
  const { projectId } = scope;
  const id = newId("iev", at.getTime());
  await createEventStore(tx).add({ id, projectId, incidentId: row.id, at, kind, text, actor, path });
  if (notice === undefined || row.isMuted) return;
  await announce(tx, scope, toNotice(row, { event: notice, eventId: id, text, by, at }));
}

type Change = {
  readonly scope: Scope;
  readonly incidentId: string;
  /** The changes and the step. Null leaves the incident as it is. Throws if the change is not allowed. */
  readonly decide: (row: IncidentRow) => { readonly changes: IncidentChanges; readonly steps: readonly Step[] } | null;
  /** The action in the audit log. */
  readonly action: string;
};

/** Changes a locked incident, with its timeline, its notices and an audit entry, or not at all. */
export async function changeIncident(deps: Deps, tx: Postgres, change: Change): Promise<IncidentRow> {
  const { scope, incidentId, decide, action } = change;
  const store = createIncidentStore(tx);
  const row = await store.lock(scope.projectId, incidentId);
  if (!row) throw notFound("incident", incidentId);
  const decision = decide(row);
  if (decision === null) return row;
  const updated = await store.update(scope.projectId, incidentId, decision.changes);
  if (!updated) throw notFound("incident", incidentId);
  for (const step of decision.steps) await recordStep(deps, tx, { scope, row: updated, step });
  const details = { title: updated.title, state: updated.state, fields: Object.keys(decision.changes) };
  await deps.audit.record(scope, { action, target: incidentId, details }, tx);
  return updated;
}

/** The name of an actor. Before the transaction, because the embedded database has one connection. */
export const nameOf = async ({ namesOf }: Pick<IncidentsDeps, "namesOf">, projectId: string, actor: string) =>
  (await namesOf(projectId, [actor])).get(actor) ?? actor;

type By = { readonly actor: string; readonly by: string; readonly note: string; readonly at: Date };

/** What a person can do with an incident. A second acknowledgement changes nothing. */
export const decisions = {
  acknowledge:
    ({ actor, by, note, at }: By): Change["decide"] =>
    (row) => {
      if (row.state === "acknowledged") return null;
      if (row.state === "resolved") throw refuse(row, "acknowledged", "It is resolved. Reopen it first.");
      const step = { kind: "acknowledged", text: note, actor, by, at, notice: "acknowledged" } as const;
      return { changes: { state: "acknowledged", acknowledgedAt: at, updatedAt: at }, steps: [step] };
    },

  resolve:
    ({ actor, by, note, at }: By): Change["decide"] =>
    (row) => {
      if (row.state === "resolved") throw refuse(row, "resolved", "It is resolved already.");
      const step = { kind: "resolved", text: note, actor, by, at, notice: "resolved" } as const;
      return { changes: { state: "resolved", resolvedAt: at, updatedAt: at }, steps: [step] };
    },

  reopen:
    ({ actor, by, note, at }: By): Change["decide"] =>
    (row) => {
      if (row.state !== "resolved") throw refuse(row, "reopened", `It is ${row.state}.`);
      const step = { kind: "reopened", text: note, actor, by, at, notice: "reopened" } as const;
      return { changes: reopened(row, at), steps: [step] };
    },
};

export const reopened = (row: IncidentRow, at: Date): IncidentChanges => ({
  state: "open",
  acknowledgedAt: null,
  resolvedAt: null,
  reopenings: row.reopenings + 1,
  updatedAt: at,
});

const refuse = ({ id, state }: IncidentRow, verb: string, why: string) =>
  new AppError("conflict", {
    message: `The incident cannot be ${verb}. ${why}`,
    details: { incidentId: id, state },
  });
