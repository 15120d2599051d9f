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
export function createMeasure({ db, clock, random }: Deps) {
  const store = createStateStore(db);
  const known = new Map<string, { readonly row: StateRow; readonly readAt: number }>();

  /** What was measured for the endpoint's present configuration. Another configuration starts again. */
  async function find(projectId: string, endpoint: MeasuredEndpoint): Promise<StateRow> {
    const recent = known.get(endpoint.endpointId);
    const isFresh = recent?.row.configHash === endpoint.configHash && clock.elapsed() - recent.readAt < MAX_AGE_MS;
    if (isFresh) return recent.row;
    const row = await store.find(projectId, endpoint.endpointId);
    const current = row?.configHash === endpoint.configHash ? row : firstState(projectId, endpoint, clock.now());
    note(current);
    return current;
  }
  const note = (row: StateRow) => void known.set(row.endpointId, { row, readAt: clock.elapsed() });

  /** In one transaction: the use, the counts, and the state that follows from them. */
  const addCheck = (projectId: string, endpoint: MeasuredEndpoint, use: UseRow): Promise<StateRow> =>
    db.transaction(async (tx) => {
      const states = createStateStore(tx);
      await states.create(firstState(projectId, endpoint, clock.now()));
      const locked = await states.lock(projectId, endpoint.endpointId);
      const isCurrent = locked?.configHash === endpoint.configHash;
      const row = isCurrent ? locked : firstState(projectId, endpoint, clock.now());
      const counted = { ...row, checks: row.checks + 1, falseHits: row.falseHits + (use.isFalse ? 1 : 0) };
      const next = { ...counted, ...nextState(counted, endpoint.semanticCache.falseHitLimit) };
      await states.save(next);
      await createUseStore(tx).add(use);
      return next;
    });

  return {
    find,
    /** The same as it is stored now; undefined before the first match. */
    async read(projectId: string, { endpointId, configHash }: MeasuredEndpoint): Promise<StateRow | undefined> {
      const row = await store.find(projectId, endpointId);
      return row?.configHash === configHash ? row : undefined;
    },
    /** Whether a match is answered by the model anyway. */
    isChecked: ({ state }: StateRow) => state !== "serving" || random() < CHECK_SHARE,

    async check(projectId: string, endpoint: MeasuredEndpoint, use: UseRow): Promise<void> {
      note(await addCheck(projectId, endpoint, use));
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
