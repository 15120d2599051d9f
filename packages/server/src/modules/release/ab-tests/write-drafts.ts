import type { AbTestInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type ApplyChange, note, refuseUnless } from "./change-test.ts";
import { checkTest } from "./check-test.ts";
import type { AbTestDeps } from "./deps.ts";
import { type AbTestRow, createAbTestStore } from "./stores/ab-test-store.ts";

const MOST_TESTS = 10_000;

type Content = Pick<AbTestRow, "endpointId" | "endpoint" | "plan">;

/** Creates, changes and deletes drafts. */
export const createDrafts = (deps: AbTestDeps, apply: ApplyChange) => ({
  async create(scope: Scope, input: AbTestInput): Promise<AbTestRow> {
    const row = newDraft(scope, await checked(deps, scope, input), deps.clock.now());
    await insertDraft(deps, scope, row);
    return row;
  },

  async replace(scope: Scope, id: string, input: AbTestInput): Promise<AbTestRow> {
    const changes = await checked(deps, scope, input);
    return apply(scope, id, { kind: "changed", from: ["draft"], verb: "change", message: "", changes, report: null });
  },

  delete: (scope: Scope, id: string): Promise<void> =>
    deps.db.transaction(async (tx) => {
      const store = createAbTestStore(tx);
      const row = await store.lock(scope.projectId, id);
      if (!row) throw notFound("A/B test", id);
      refuseUnless(row, { from: ["draft"], verb: "delete" });
      await store.delete(scope.projectId, id);
      const details = { endpoint: row.endpoint };
      await deps.audit.record(scope, { action: "ab-test.deleted", target: id, details }, tx);
    }),
});

const insertDraft = (deps: AbTestDeps, scope: Scope, row: AbTestRow): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const store = createAbTestStore(tx);
    if ((await store.count(scope.projectId)) >= MOST_TESTS)
      throw new AppError("unprocessable", {
        message: `A project has at most ${MOST_TESTS} A/B tests. Delete drafts first.`,
      });
    await store.create(row);
    await note(deps, tx, { scope, row, change: { kind: "created", message: "", report: null } });
  });

/** The content of a draft. Throws if its endpoint cannot have such a test. */
async function checked(
  { endpoints }: Pick<AbTestDeps, "endpoints">,
  scope: Scope,
  { endpointId, ...plan }: AbTestInput,
): Promise<Content> {
  const endpoint = await endpoints.get(scope, endpointId);
  checkTest({ endpointId, ...plan }, endpoint);
  return { endpointId, endpoint: endpoint.name, plan };
}

const newDraft = ({ projectId, actor }: Scope, content: Content, now: number): AbTestRow => ({
  id: newId("abt", now),
  projectId,
  ...content,
  state: "draft",
  winner: null,
  budgets: {},
  report: null,
  shares: null,
  startedAt: null,
  endedAt: null,
  createdBy: actor,
  createdAt: new Date(now),
  updatedAt: new Date(now),
});
