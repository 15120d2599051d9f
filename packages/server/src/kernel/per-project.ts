import type { Clock } from "./clock.ts";

type Entry<Value> = { readonly value: Promise<Value>; readonly loadedAt: number; loaded: Value | undefined };

const MOST_PROJECTS = 10_000;

/**
 * Remembers what was loaded for each project. A writer calls `forget` after its commit; another server's writes are seen
 * after `maxAgeMs`. When a reload fails the older value stays in use, so that a store that is away for a while stops no traffic.
 */
export function createPerProject<Value>({
  load,
  clock,
  maxAgeMs,
}: {
  load: (projectId: string) => Promise<Value>;
  clock: Clock;
  maxAgeMs: number;
}) {
  const entries = new Map<string, Entry<Value>>();

  function reload(projectId: string, previous: Entry<Value> | undefined): Promise<Value> {
    if (entries.size >= MOST_PROJECTS) entries.clear();
    const value = load(projectId).catch((error: unknown) => {
      if (previous) return previous.value;
      if (entries.get(projectId)?.value === value) entries.delete(projectId);
      throw error;
    });
    const entry: Entry<Value> = { value, loadedAt: clock.elapsed(), loaded: undefined };
    entries.set(projectId, entry);
    const note = (loaded: Value) => {
      entry.loaded = loaded;
    };
    value.then(note, () => undefined);
    return value;
  }

  const isFresh = ({ loadedAt }: Entry<Value>) => clock.elapsed() - loadedAt < maxAgeMs;

  return {
    get(projectId: string): Promise<Value> {
      const entry = entries.get(projectId);
      return entry && isFresh(entry) ? entry.value : reload(projectId, entry);
    },
    /** The value if it is cached. Undefined if the caller must wait for it. */
    recall(projectId: string): Value | undefined {
      const entry = entries.get(projectId);
      return entry && isFresh(entry) ? entry.loaded : undefined;
    },
    forget(projectId: string): void {
      entries.delete(projectId);
    },
  };
}
export type PerProject<Value> = ReturnType<typeof createPerProject<Value>>;
