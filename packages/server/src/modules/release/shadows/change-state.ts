import type { ShadowReason, ShadowState } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { ShadowDeps } from "./deps.ts";
import type { Registry } from "./run/registry.ts";
import { createShadowStore, type ShadowRow } from "./stores/shadow-store.ts";

type Verb = "pause" | "resume" | "end";
type Deps = Pick<ShadowDeps, "db" | "audit" | "clock" | "log"> & { readonly registry: Registry };
type Change = {
  readonly state: ShadowState;
  readonly reason: ShadowReason | null;
  readonly message: string;
};

/** The states in which a person can do it. */
const ALLOWED: Readonly<Record<Verb, readonly ShadowState[]>> = {
  pause: ["running"],
  resume: ["paused"],
  end: ["running", "paused"],
};
const BY_PERSON: Readonly<Record<Verb, Change>> = {
  pause: { state: "paused", reason: "person", message: "A person paused the shadow." },
  resume: { state: "running", reason: null, message: "" },
  end: { state: "ended", reason: "person", message: "A person ended the shadow." },
};
const DELETED: Change = { state: "ended", reason: "endpoint-deleted", message: "The endpoint was deleted." };
const ACTIONS: Readonly<Record<ShadowState, string>> = {
  running: "shadow.resumed",
  paused: "shadow.paused",
  ended: "shadow.ended",
};

/** Pauses, resumes and ends shadows: for people, and when a shadow does it itself. */
export function createStateChanges(deps: Deps) {
  const { registry } = deps;

  async function apply(scope: Scope, row: ShadowRow, change: Change): Promise<ShadowRow> {
    // What runs ends first, so that the counts that are stored last are complete.
    await registry.stop(row.endpointId);
    const updated = await store(deps, scope, { row, change });
    if (updated.state === "running") registry.start(updated);
    return updated;
  }

  return {
    async act(scope: Scope, row: ShadowRow, verb: Verb): Promise<ShadowRow> {
      refuseUnless(verb, row);
      return apply(scope, row, BY_PERSON[verb]);
    },

    /** Ends the shadow of an endpoint that was deleted. */
    async endOf(scope: Scope, endpointId: string): Promise<void> {
      const row = await createShadowStore(deps.db).findOpen(scope.projectId, endpointId);
      if (row) await apply(scope, row, DELETED);
    },

    own: createOwnChange(deps),
  };
}

/** A change that the shadow makes itself. The first one counts: calls that run at the same time may all want it. */
const createOwnChange =
  (deps: Deps) =>
  ({ id, projectId, endpointId }: ShadowRow, change: Change): void => {
    const { registry, log } = deps;
    if (registry.find(endpointId)?.row.id !== id) return;
    registry
      .stop(endpointId)
      .then(async () => {
        const row = await createShadowStore(deps.db).find(projectId, id);
        if (row?.state === "running") await store(deps, systemScope(projectId), { row, change });
      })
      .catch((error: unknown) => log.error({ error, shadowId: id }, "a shadow could not change its state"));
  };

type Storing = { readonly row: ShadowRow; readonly change: Change };

const store = ({ db, audit, clock }: Deps, scope: Scope, { row, change }: Storing): Promise<ShadowRow> =>
  db.transaction(async (tx) => {
    const updatedAt = new Date(clock.now());
    const endedAt = change.state === "ended" ? updatedAt : null;
    const updated = await createShadowStore(tx).update(row.projectId, row.id, { ...change, updatedAt, endedAt });
    if (!updated) throw new AppError("conflict", { message: "The shadow was deleted in the meantime." });
    const details = { endpoint: row.endpoint, reason: change.reason, message: change.message };
    await audit.record(scope, { action: ACTIONS[change.state], target: row.id, details }, tx);
    return updated;
  });

function refuseUnless(verb: Verb, { state, id }: ShadowRow): void {
  if (ALLOWED[verb].includes(state)) return;
  throw new AppError("conflict", {
    message: `You cannot ${verb} a shadow that is ${state}. It must be ${ALLOWED[verb].join(" or ")}.`,
    details: { shadowId: id, state },
  });
}
