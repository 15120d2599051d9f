import type { Rollout, RolloutInput, RolloutState } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createActs } from "./act.ts";
import { createEstimate } from "./estimate-rollout.ts";
import { createForDeployments } from "./for-deployments.ts";
import { toEvent, toPoint, toRollout } from "./present.ts";
import type { RolloutDeps } from "./run/deps.ts";
import { EVALUATE_KIND, evaluateRollouts } from "./run/evaluate-rollouts.ts";
import { createHistoryStore, type HistoryStore } from "./stores/history-store.ts";
import { createRolloutStore, type RolloutRow, type RolloutStore } from "./stores/rollout-store.ts";
import { createDrafts } from "./write-drafts.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Listing = Page & { readonly endpointId?: string | undefined; readonly state?: RolloutState | undefined };

type Find = (scope: Scope, rolloutId: string) => Promise<RolloutRow>;
type Act = (scope: Scope, row: RolloutRow, signal: AbortSignal) => Promise<RolloutRow>;

/** Rollouts: a candidate gets traffic in stages, is compared with the control, and is promoted or rolled back. */
export function createRollouts(deps: RolloutDeps) {
  const store = createRolloutStore(deps.db);
  const find = createFind(store);
  deps.jobs.register(EVALUATE_KIND, evaluateRollouts(deps));
  return {
    estimate: createEstimate(deps),
    forDeployments: createForDeployments(deps),
    ...createReads(store, find),
    ...createDraftWrites(deps, find),
    ...createDecisions(deps, find),
    ...createRecords(createHistoryStore(deps.db), find),
  };
}
export type Rollouts = ReturnType<typeof createRollouts>;

const createFind =
  (store: RolloutStore): Find =>
  async ({ projectId }, rolloutId) => {
    const row = await store.find(projectId, rolloutId);
    if (!row) throw notFound("rollout", rolloutId);
    return row;
  };

const createReads = (store: RolloutStore, find: Find) => ({
  async list({ projectId }: Scope, { limit, cursor, ...wanted }: Listing) {
    const before = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await store.list(projectId, { ...wanted, limit: limit + 1, before });
    const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    return { ...page, items: page.items.map(toRollout) };
  },

  /** Undefined if it was deleted. */
  async find({ projectId }: Scope, rolloutId: string): Promise<Rollout | undefined> {
    const row = await store.find(projectId, rolloutId);
    return row && toRollout(row);
  },

  async get(scope: Scope, rolloutId: string): Promise<Rollout> {
    return toRollout(await find(scope, rolloutId));
  },
});

function createDraftWrites(deps: RolloutDeps, find: Find) {
  const drafts = createDrafts(deps);
  return {
    async create(scope: Scope, input: RolloutInput): Promise<Rollout> {
      return toRollout(await drafts.create(scope, input));
    },

    async replace(scope: Scope, rolloutId: string, input: RolloutInput): Promise<Rollout> {
      return toRollout(await drafts.replace(scope, await find(scope, rolloutId), input));
    },

    async delete(scope: Scope, rolloutId: string): Promise<void> {
      await drafts.delete(scope, await find(scope, rolloutId));
    },
  };
}

function createDecisions(deps: RolloutDeps, find: Find) {
  const acts = createActs(deps);
  const acting =
    (act: Act) =>
    async (scope: Scope, rolloutId: string, signal: AbortSignal): Promise<Rollout> =>
      toRollout(await act(scope, await find(scope, rolloutId), signal));
  return {
    start: acting(acts.start),
    pause: acting(acts.pause),
    resume: acting(acts.resume),
    approve: acting(acts.approve),
    promote: acting(acts.promote),
    rollBack: acting(acts.rollBack),
  };
}

const createRecords = (history: HistoryStore, find: Find) => ({
  async listEvents(scope: Scope, rolloutId: string, { limit, cursor }: Page) {
    await find(scope, rolloutId);
    const before = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await history.listEvents(scope.projectId, { rolloutId, limit: limit + 1, before });
    const page = toPage(rows, limit, ({ at, id }) => [at.toISOString(), id]);
    return { ...page, items: page.items.map(toEvent) };
  },

  async listPoints(scope: Scope, rolloutId: string, { limit, cursor }: Page) {
    await find(scope, rolloutId);
    const after = cursor === undefined ? null : readTime(cursor);
    const rows = await history.listPoints(scope.projectId, { rolloutId, limit: limit + 1, after });
    const page = toPage(rows, limit, ({ at }) => [at.toISOString()]);
    return { ...page, items: page.items.map(toPoint) };
  },
});

function readTime(cursor: string): Date {
  const [at] = fromCursor(cursor, 1);
  const time = new Date(String(at));
  if (Number.isNaN(time.getTime()))
    throw new AppError("invalid_request", {
      message: "The cursor does not belong to this list. Start again without a cursor.",
    });
  return time;
}
