/** What a load brought: the same as before, or something new with the tag to ask by the next time. */
export type Loaded<Value> =
  | { readonly kind: "same" }
  | { readonly kind: "new"; readonly value: Value; readonly etag: string | null };

type Entry<Value> = {
  value: Value;
  etag: string | null;
  /** Milliseconds of the clock from which on it is loaded again; infinity for what never changes. */
  staleAt: number;
  failures: number;
  loading: Promise<unknown> | null;
};

export type CacheOptions<Value> = {
  /** Fetches the value of a key. `etag` is the ETag of the cached value. */
  readonly load: (key: string, etag: string | null) => Promise<Loaded<Value>>;
  /** How long a value is fresh, in milliseconds. */
  readonly freshFor: (key: string, value: Value) => number;
  /** Called when a cached value could not be refreshed. The old value is still returned. */
  readonly onStale: (key: string, error: unknown) => void;
  /** The maximum number of entries. The oldest entry is removed first. */
  readonly maxEntries: number;
  /** Milliseconds, as `Date.now`. */
  readonly now: () => number;
};

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * A cache that immediately returns its value, even if it is stale, and refreshes it in the background. A key is loaded
 * by one request at a time. A failed load is retried with growing pauses, and never removes the cached value.
 */
export function createStaleCache<Value>({ load, freshFor, onStale, maxEntries, now }: CacheOptions<Value>) {
  const entries = new Map<string, Entry<Value>>();
  const firsts = new Map<string, Promise<Value>>();

  function keep(key: string, { value, etag }: { value: Value; etag: string | null }) {
    const [oldest] = entries.keys();
    if (!entries.has(key) && entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
    entries.set(key, { value, etag, staleAt: now() + freshFor(key, value), failures: 0, loading: null });
  }

  async function first(key: string): Promise<Value> {
    try {
      const loaded = await load(key, null);
      if (loaded.kind === "same") throw new Error("The server said that nothing has changed since nothing was known.");
      keep(key, loaded);
      return loaded.value;
    } finally {
      firsts.delete(key);
    }
  }

  async function again(key: string, entry: Entry<Value>): Promise<void> {
    try {
      const loaded = await load(key, entry.etag);
      entry.loading = null;
      // A value that was cleared meanwhile does not come back.
      if (entries.get(key) !== entry) return;
      if (loaded.kind === "new") keep(key, loaded);
      else Object.assign(entry, { staleAt: now() + freshFor(key, entry.value), failures: 0 });
    } catch (error) {
      entry.loading = null;
      entry.staleAt = now() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** entry.failures);
      entry.failures += 1;
      onStale(key, error);
    }
  }

  const renew = (key: string, entry: Entry<Value>) => {
    entry.loading ??= again(key, entry);
    return entry.loading;
  };

  return {
    /** The cached value, without waiting. A stale value is refreshed in the background. */
    peek(key: string): Value | undefined {
      const entry = entries.get(key);
      if (entry && entry.staleAt <= now()) void renew(key, entry);
      return entry?.value;
    },
    /** Loads what is not there yet, once for all who wait for it. Throws what the load throws. */
    load(key: string): Promise<Value> {
      const waiting = firsts.get(key) ?? first(key);
      firsts.set(key, waiting);
      return waiting;
    },
    /** Asks the server now, and gives what is there afterwards. Throws only where nothing is there. */
    async refresh(key: string): Promise<Value> {
      const entry = entries.get(key);
      if (!entry) return this.load(key);
      await renew(key, entry);
      return entries.get(key)?.value ?? entry.value;
    },
    /** Puts something in the place of what could not be loaded; it is loaded all the same, after a pause. */
    keepFallback(key: string, value: Value): Value {
      keep(key, { value, etag: null });
      const entry = entries.get(key);
      if (entry) Object.assign(entry, { staleAt: now() + FIRST_WAIT_MS, failures: 1 });
      return value;
    },
    clear: () => entries.clear(),
  };
}
