import type { Shadow, ShadowInput, ShadowResults, ShadowState, ShadowWithResults } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Mirrors } from "../../build/gateway/index.ts";
import { createStateChanges } from "./change-state.ts";
import { checkInput } from "./check-input.ts";
import type { ShadowDeps } from "./deps.ts";
import { summarisePairs } from "./pairs/summarise-pairs.ts";
import { toPair, toShadow } from "./present.ts";
import { NO_COUNTS } from "./run/counts.ts";
import { dateOf, emptyDay } from "./run/day-budget.ts";
import { createRegistry, type Registry } from "./run/registry.ts";
import { createPairStore } from "./stores/pair-store.ts";
import { createShadowStore, type ShadowRow } from "./stores/shadow-store.ts";
import { createToExperiment } from "./to-experiment.ts";

export type { ShadowDeps } from "./deps.ts";

const MOST_SHADOWS = 10_000;

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Listing = Page & { readonly endpointId?: string | undefined; readonly state?: ShadowState | undefined };
type Find = (scope: Scope, shadowId: string) => Promise<ShadowRow>;
/** The row with the counts of this moment, which are stored a little later. */
type Present = (row: ShadowRow) => Shadow;

/** Shadows: a sample of an endpoint's requests is repeated with a candidate, and the answers are compared in pairs. */
export function createShadows(deps: ShadowDeps) {
  const { db, clock } = deps;
  const registry = createRegistry(deps, (row, change) => changes.own(row, change));
  const changes = createStateChanges({ ...deps, registry });
  const store = createShadowStore(db);
  const present: Present = (row) => toShadow({ ...row, ...useOf(registry, row) }, dateOf(clock.now()));
  const find: Find = async ({ projectId }, shadowId) => {
    const row = await store.find(projectId, shadowId);
    if (!row) throw notFound("shadow", shadowId);
    return row;
  };
  const acting = (verb: "pause" | "resume" | "end") => async (scope: Scope, shadowId: string) =>
    present(await changes.act(scope, await find(scope, shadowId), verb));
  return {
    ...createReads(deps, { find, present }),
    create: createCreate(deps, registry, present),
    pause: acting("pause"),
    resume: acting("resume"),
    end: acting("end"),
    toExperiment: createToExperiment(deps, find),
    endOf: changes.endOf,
    /** For the gateway. */
    mirrors: { find: (endpointId: string) => registry.find(endpointId)?.mirror } satisfies Mirrors as Mirrors,
    async start(): Promise<void> {
      for (const row of await store.listRunning()) registry.start(row);
    },
    close: registry.close,
  };
}
export type ShadowService = ReturnType<typeof createShadows>;
export type Shadows = Omit<ShadowService, "start" | "close">;

function useOf(registry: Registry, { id, endpointId }: ShadowRow) {
  const active = registry.find(endpointId);
  return active?.row.id === id ? active.use() : null;
}

type Reading = { readonly find: Find; readonly present: Present };

function createReads({ db }: ShadowDeps, { find, present }: Reading) {
  const store = createShadowStore(db);
  const pairs = createPairStore(db);
  const resultsOf = createResults(async ({ projectId, id }) => pairs.listNumbers(projectId, id));
  return {
    async list({ projectId }: Scope, { limit, cursor, ...wanted }: Listing) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(projectId, { ...wanted, limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: page.items.map(present) };
    },

    async get(scope: Scope, shadowId: string): Promise<ShadowWithResults> {
      const row = await find(scope, shadowId);
      return { ...present(row), results: await resultsOf(row) };
    },

    async listPairs(scope: Scope, shadowId: string, { limit, cursor, differs }: Page & { readonly differs: boolean }) {
      await find(scope, shadowId);
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await pairs.list(scope.projectId, { shadowId, limit: limit + 1, before, differs });
      const page = toPage(rows, limit, ({ at, id }) => [at.toISOString(), id]);
      return { ...page, items: page.items.map(toPair) };
    },
  };
}

/** Results of this many shadows stay in memory. */
const MOST_RESULTS = 50;

/** The results of a shadow, computed again only if it has new pairs. */
function createResults(listPairs: (row: ShadowRow) => Promise<Parameters<typeof summarisePairs>[0]>) {
  const stored = new Map<string, { readonly pairs: number; readonly results: ShadowResults }>();
  return async (row: ShadowRow): Promise<ShadowResults> => {
    const { answered, failed } = row.counts;
    const before = stored.get(row.id);
    if (before?.pairs === answered + failed) return before.results;
    const results = summarisePairs(await listPairs(row));
    stored.delete(row.id);
    stored.set(row.id, { pairs: answered + failed, results });
    const [oldest] = stored.keys();
    if (stored.size > MOST_RESULTS && oldest !== undefined) stored.delete(oldest);
    return results;
  };
}

const createCreate = (deps: ShadowDeps, registry: Registry, present: Present) =>
  async function create(scope: Scope, input: ShadowInput): Promise<Shadow> {
    const endpoint = await checkInput(deps, scope, input);
    const row = newRow(scope, { ...input, endpoint }, deps.clock.now());
    await insert(deps, scope, row);
    registry.start(row);
    return present(row);
  };

const insert = ({ db, audit }: ShadowDeps, scope: Scope, row: ShadowRow): Promise<void> =>
  db.transaction(async (tx) => {
    const store = createShadowStore(tx);
    const open = await store.findOpen(row.projectId, row.endpointId);
    if (open)
      throw new AppError("conflict", {
        message: `The endpoint "${row.endpoint}" already has a shadow that is ${open.state}. End it first.`,
        details: { shadowId: open.id },
      });
    if ((await store.count(row.projectId)) >= MOST_SHADOWS)
      throw new AppError("unprocessable", { message: `A project has at most ${MOST_SHADOWS} shadows.` });
    await store.create(row);
    const details = { endpoint: row.endpoint, ...row.plan };
    await audit.record(scope, { action: "shadow.created", target: row.id, details }, tx);
  });

type Content = ShadowInput & { readonly endpoint: string };

const newRow = ({ projectId, actor }: Scope, { endpointId, endpoint, ...plan }: Content, now: number): ShadowRow => ({
  id: newId("shdw", now),
  projectId,
  endpointId,
  endpoint,
  plan,
  state: "running",
  reason: null,
  message: "",
  counts: NO_COUNTS,
  costUsd: 0,
  day: emptyDay(now),
  createdBy: actor,
  createdAt: new Date(now),
  updatedAt: new Date(now),
  endedAt: null,
});
