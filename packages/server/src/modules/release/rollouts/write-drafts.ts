import type { RolloutInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { checkPlan } from "./check-plan.ts";
import type { RolloutDeps } from "./run/deps.ts";
import { createHistoryStore } from "./stores/history-store.ts";
import { createRolloutStore, type RolloutRow } from "./stores/rollout-store.ts";

const MOST_DRAFTS_AND_RECORDS = 10_000;

type Deps = Pick<RolloutDeps, "db" | "endpoints" | "audit" | "clock">;
type Content = Pick<RolloutRow, "endpointId" | "endpoint" | "plan">;

/** Creates, changes and deletes drafts. */
export const createDrafts = (deps: Deps) => ({
  async create(scope: Scope, input: RolloutInput): Promise<RolloutRow> {
    const content = await checked(deps, scope, input);
    const row = newDraft(scope, content, deps.clock.now());
    await insertDraft(deps, scope, row);
    return row;
  },

  async replace(scope: Scope, draft: RolloutRow, input: RolloutInput): Promise<RolloutRow> {
    const content = await checked(deps, scope, input);
    refuseUnlessDraft(draft, "changed");
    return updateDraft(deps, scope, { draft, content });
  },

  async delete(scope: Scope, draft: RolloutRow): Promise<void> {
    refuseUnlessDraft(draft, "deleted");
    await deleteDraft(deps, scope, draft);
  },
});

/** The content of a draft. Throws if its endpoint cannot have such a rollout. */
async function checked({ endpoints }: Deps, scope: Scope, { endpointId, ...plan }: RolloutInput): Promise<Content> {
  const endpoint = await endpoints.get(scope, endpointId);
  checkPlan({ endpointId, ...plan }, endpoint);
  return { endpointId, endpoint: endpoint.name, plan };
}

const insertDraft = (deps: Deps, scope: Scope, row: RolloutRow): Promise<void> =>
  deps.db.transaction((tx) => insertDraftIn(deps, tx, { scope, row }));

type Inserted = { readonly scope: Scope; readonly row: RolloutRow };

/** Within the caller's transaction. */
export async function insertDraftIn(
  deps: Pick<Deps, "audit" | "clock">,
  tx: Postgres,
  { scope, row }: Inserted,
): Promise<void> {
  const store = createRolloutStore(tx);
  if ((await store.count(scope.projectId)) >= MOST_DRAFTS_AND_RECORDS)
    throw new AppError("unprocessable", {
      message: `A project has at most ${MOST_DRAFTS_AND_RECORDS} rollouts. Delete drafts first.`,
    });
  await store.create(row);
  await note(deps, tx, { scope, row, kind: "created" });
}

type Replacement = { readonly draft: RolloutRow; readonly content: Content };

const updateDraft = (deps: Deps, scope: Scope, { draft, content }: Replacement): Promise<RolloutRow> =>
  deps.db.transaction(async (tx) => {
    const changes = { ...content, updatedAt: new Date(deps.clock.now()), revision: draft.revision + 1 };
    const row = await createRolloutStore(tx).updateAt(draft, changes);
    if (!row) throw new AppError("conflict", { message: "The draft has changed in the meantime. Read it again." });
    await note(deps, tx, { scope, row, kind: "changed" });
    return row;
  });

const deleteDraft = ({ db, audit }: Deps, scope: Scope, draft: RolloutRow): Promise<void> =>
  db.transaction(async (tx) => {
    const store = createRolloutStore(tx);
    const current = await store.lock(scope.projectId, draft.id);
    if (current) refuseUnlessDraft(current, "deleted");
    await store.delete(scope.projectId, draft.id);
    const details = { endpoint: draft.endpoint };
    await audit.record(scope, { action: "rollout.deleted", target: draft.id, details }, tx);
  });

type Note = { readonly scope: Scope; readonly row: RolloutRow; readonly kind: "created" | "changed" };

/** Stores the event and the audit entry of a draft. */
async function note(
  { audit, clock }: Pick<Deps, "audit" | "clock">,
  tx: Postgres,
  { scope, row, kind }: Note,
): Promise<void> {
  const { id: rolloutId, endpoint, plan } = row;
  const event = { id: newId("revt", clock.now()), rolloutId, at: new Date(clock.now()), kind, stage: null, share: 0 };
  const rest = { reason: null, message: "", evidence: null, actor: scope.actor };
  await createHistoryStore(tx).addEvent({ ...event, ...rest });
  await audit.record(scope, { action: `rollout.${kind}`, target: rolloutId, details: { endpoint, ...plan } }, tx);
}

function refuseUnlessDraft({ state, id }: RolloutRow, verb: string): void {
  if (state === "draft") return;
  throw new AppError("conflict", {
    message: `This rollout is ${state}. Only a draft can be ${verb}: a rollout that has started remains as a record.`,
    details: { rolloutId: id, state },
  });
}

export const newDraft = ({ projectId, actor }: Scope, content: Content, now: number): RolloutRow => ({
  id: newId("roll", now),
  projectId,
  ...content,
  state: "draft",
  stage: null,
  share: 0,
  reason: null,
  message: "",
  lastError: "",
  budgets: {},
  finished: [],
  evidence: null,
  warned: [],
  revision: 0,
  observedMs: 0,
  startedAt: null,
  stageStartedAt: null,
  evaluatedAt: null,
  deadline: null,
  endedAt: null,
  createdBy: actor,
  createdAt: new Date(now),
  updatedAt: new Date(now),
});
