import type { Clock } from "../../../../kernel/clock.ts";

/**
 * How long a value is used without a query, how long during a background query, and how long if the database is
 * unavailable.
 */
const FRESH_MS = 10_000;
const STALE_MS = 60_000;
const EMERGENCY_MS = 600_000;
const WRONG_MS = 10_000;
const MAX_RIGHT = 10_000;
const MAX_WRONG = 2_000;

type Entry<Value> = { readonly value: Value; readonly checkedAt: number };

/**
 * Callers by the hash of their credential, so that the database is queried once in ten seconds, not for every request.
 * A revocation by this process applies immediately. A revocation by another server applies within ten seconds and one
 * request. While the database is unavailable, a caller who was valid within ten minutes remains valid.
 */
export function createCredentialCache<Value>({
  clock,
  load,
}: {
  clock: Clock;
  load: (hash: string) => Promise<Value | null>;
}) {
  const right = new Map<string, Entry<Value>>();
  const wrong = new Map<string, number>();
  const loading = new Map<string, Promise<Value | null>>();
  /** Raised by every forgetting, so that an answer which was on its way then is not kept. */
  let generation = 0;

  const ageOf = (entry: Entry<Value>) => clock.elapsed() - entry.checkedAt;

  function keep(hash: string, value: Value | null) {
    if (value === null) {
      right.delete(hash);
      makeRoom(wrong, MAX_WRONG).set(hash, clock.elapsed());
    } else {
      makeRoom(right, MAX_RIGHT).set(hash, { value, checkedAt: clock.elapsed() });
    }
  }

  async function ask(hash: string): Promise<Value | null> {
    const asked = generation;
    const value = await load(hash);
    if (asked === generation) keep(hash, value);
    return value;
  }

  function askOnce(hash: string): Promise<Value | null> {
    const underway = loading.get(hash);
    if (underway) return underway;
    const asking = ask(hash).finally(() => loading.delete(hash));
    loading.set(hash, asking);
    return asking;
  }

  return {
    /** The value if it is cached. Null if it is known to be wrong, undefined if the database must be queried. */
    recall(hash: string): Value | null | undefined {
      const entry = right.get(hash);
      if (entry) {
        const age = ageOf(entry);
        if (age < FRESH_MS) return entry.value;
        if (age > STALE_MS) return undefined;
        askOnce(hash).catch(() => undefined);
        return entry.value;
      }
      const wrongAt = wrong.get(hash);
      return wrongAt !== undefined && clock.elapsed() - wrongAt < WRONG_MS ? null : undefined;
    },
    async lookUp(hash: string): Promise<Value | null> {
      try {
        return await askOnce(hash);
      } catch (error) {
        const entry = right.get(hash);
        if (entry && ageOf(entry) < EMERGENCY_MS) return entry.value;
        throw error;
      }
    },
    forget(hash: string) {
      generation++;
      loading.delete(hash);
      right.delete(hash);
      wrong.delete(hash);
    },
    forgetWhere(isGone: (value: Value) => boolean) {
      generation++;
      loading.clear();
      for (const [hash, { value }] of right) if (isGone(value)) right.delete(hash);
    },
  };
}

/** A full map loses the entry that was put in first. */
function makeRoom<Value>(map: Map<string, Value>, max: number): Map<string, Value> {
  const [oldest] = map.size >= max ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
  return map;
}
