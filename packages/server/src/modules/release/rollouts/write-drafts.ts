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

/** Creates, changes and deletes drafts. */
export function createDrafts({
  db,
  endpoints,
  audit,
  clock,
}: Pick<RolloutDeps, "db" | "endpoints" | "audit" | "clock">) {
  async function checked(scope: Scope, { endpointId, ...plan }: RolloutInput) {
    const endpoint = await endpoints.get(scope, endpointId);
    checkPlan({ endpointId, ...plan }, endpoint);
    return { endpointId, endpoint: endpoint.name, plan };
  }

  async function note(tx: Postgres, scope: Scope, { row, kind }: { row: RolloutRow; kind: "created" | "changed" }) {
    const { id: rolloutId, endpoint, plan } = row;
    const event = { id: newId("revt", clock.now()), rolloutId, at: new Date(clock.now()), kind, stage: null, share: 0 };
    const rest = { reason: null, message: "", evidence: null, actor: scope.actor };
    await createHistoryStore(tx).addEvent({ ...event, ...rest });
    await audit.record(scope, { action: `rollout.${kind}`, target: rolloutId, details: { endpoint, ...plan } }, tx);
  }

  return {
    async create(scope: Scope, input: RolloutInput): Promise<RolloutRow> {
      const content = await checked(scope, input);
      const row = newDraft(scope, content, clock.now());
      await db.transaction(async (tx) => {
        const store = createRolloutStore(tx);
        if ((await store.count(scope.projectId)) >= MOST_DRAFTS_AND_RECORDS)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MOST_DRAFTS_AND_RECORDS} rollouts. Delete drafts first.`,
          });
        await store.create(row);
        await note(tx, scope, { row, kind: "created" });
      });
      return row;
    },

    async replace(scope: Scope, draft: RolloutRow, input: RolloutInput): Promise<RolloutRow> {
      const content = await checked(scope, input);
      refuseUnlessDraft(draft, "changed");
      return db.transaction(async (tx) => {
        const changes = { ...content, updatedAt: new Date(clock.now()), revision: draft.revision + 1 };
        const row = await createRolloutStore(tx).updateAt(draft, changes);
        if (!row) throw new AppError("conflict", { message: "The draft has changed in the meantime. Read it again." });
        await note(tx, scope, { row, kind: "changed" });
        return row;
      });
    },

    async delete(scope: Scope, draft: RolloutRow): Promise<void> {
      refuseUnlessDraft(draft, "deleted");
      await db.transaction(async (tx) => {
        const store = createRolloutStore(tx);
        const current = await store.lock(scope.projectId, draft.id);
        if (current) refuseUnlessDraft(current, "deleted");
        await store.delete(scope.projectId, draft.id);
        const details = { endpoint: draft.endpoint };
        await audit.record(scope, { action: "rollout.deleted", target: draft.id, details }, tx);
      });
    },
  };
}

function refuseUnlessDraft({ state, id }: RolloutRow, verb: string): void {
  if (state === "draft") return;
  throw new AppError("conflict", {
    message: `This rollout is ${state}. Only a draft can be ${verb}: a rollout that has started remains as a record.`,
    details: { rolloutId: id, state },
  });
}

type Content = Pick<RolloutRow, "endpointId" | "endpoint" | "plan">;

const newDraft = ({ projectId, actor }: Scope, content: Content, now: number): RolloutRow => ({
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
