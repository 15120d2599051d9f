import type { SemanticCache } from "@treadle/contract";
import type { Clock } from "../../../../../kernel/clock.ts";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import type { ResolvedEndpoint } from "../../../endpoints/index.ts";
import { CHECK_SHARE, nextState } from "./next-state.ts";
import { createStateStore, type StateRow } from "./state-store.ts";
import { createUseStore, type UseRow } from "./use-store.ts";

/** An endpoint whose semantic cache is on. */
export type MeasuredEndpoint = Pick<ResolvedEndpoint, "endpointId" | "configHash"> & {
  readonly semanticCache: SemanticCache;
};
type Deps = { readonly db: Postgres; readonly clock: Clock; readonly random: () => number };

/** Other servers' decisions are seen after this long. */
const MAX_AGE_MS = 10_000;

/** Decides which matches are served, and stores how often the cache was wrong. */
export function createMeasure(deps: Deps) {
  const { db, clock, random } = deps;
  const store = createStateStore(db);
  const { find, note } = createStates(deps);
  return {
    find,
    /** Whether a match is answered by the model anyway. */
    isChecked: ({ state }: StateRow) => state !== "serving" || random() < CHECK_SHARE,

    async check(projectId: string, endpoint: MeasuredEndpoint, use: UseRow): Promise<void> {
      note(await db.transaction((tx) => addCheck({ db: tx, clock }, endpoint, { ...use, projectId })));
    },

    async hit(projectId: string, use: UseRow): Promise<void> {
      await store.addHit(projectId, use.endpointId);
      await createUseStore(db).add(use);
    },

    /** Counts from 0 and measures again. */
    async restart(projectId: string, endpoint: MeasuredEndpoint): Promise<void> {
      const row = firstState(projectId, endpoint, clock.now());
      await store.save(row);
      note(row);
    },
  };
}
export type Measure = ReturnType<typeof createMeasure>;

/** What was measured for the present configuration of an endpoint. Another configuration starts again. */
function createStates({ db, clock }: Deps) {
  const store = createStateStore(db);
  const known = new Map<string, { readonly row: StateRow; readonly readAt: number }>();
  const note = (row: StateRow) => void known.set(row.endpointId, { row, readAt: clock.elapsed() });
  return {
    note,
    async find(projectId: string, endpoint: MeasuredEndpoint): Promise<StateRow> {
      const recent = known.get(endpoint.endpointId);
      const isFresh = recent?.row.configHash === endpoint.configHash && clock.elapsed() - recent.readAt < MAX_AGE_MS;
      if (isFresh) return recent.row;
      const row = await store.find(projectId, endpoint.endpointId);
      const current = row?.configHash === endpoint.configHash ? row : firstState(projectId, endpoint, clock.now());
      note(current);
      return current;
    },
  };
}

/** In one transaction: the use, the counts, and the state that follows from them. */
async function addCheck({ db, clock }: Pick<Deps, "db" | "clock">, endpoint: MeasuredEndpoint, use: UseRow) {
  const states = createStateStore(db);
  const first = firstState(use.projectId, endpoint, clock.now());
  await states.create(first);
  const locked = await states.lock(use.projectId, endpoint.endpointId);
  const row = locked?.configHash === endpoint.configHash ? locked : first;
  const counted = { ...row, checks: row.checks + 1, falseHits: row.falseHits + (use.isFalse ? 1 : 0) };
  const next = { ...counted, ...nextState(counted, endpoint.semanticCache.falseHitLimit) };
  await states.save(next);
  await createUseStore(db).add(use);
  return next;
}

const firstState = (projectId: string, { endpointId, configHash }: MeasuredEndpoint, now: number): StateRow => ({
  endpointId,
  projectId,
  configHash,
  state: "measuring",
  reason: null,
  hits: 0,
  checks: 0,
  falseHits: 0,
  startedAt: new Date(now),
});
