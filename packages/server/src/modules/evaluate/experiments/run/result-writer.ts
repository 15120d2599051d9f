const MOST = 200;
const EVERY_MS = 250;
/** The maximum number of unwritten results. Above it, writers wait. */
const MOST_WAITING = 1_000;

/** Gathers what is to be written and writes many at once: 200 of them, or all that came within a quarter of a second. */
export function createResultWriter<One>(save: (batch: readonly One[]) => Promise<void>) {
  let waiting: One[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | null = null;

  async function write(): Promise<void> {
    while (waiting.length > 0 && failure === null) {
      const batch = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      try {
        await save(batch);
      } catch (error) {
        failure = { error };
      }
    }
  }
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }
  function check(): void {
    if (failure) throw failure.error;
  }

  return {
    /** Throws the error of an earlier write. */
    async add(one: One): Promise<void> {
      check();
      waiting.push(one);
      if (waiting.length >= MOST_WAITING) await flush();
      else if (waiting.length >= MOST) void flush();
      else timer ??= setTimeout(flush, EVERY_MS);
    },
    async close(): Promise<void> {
      await flush();
      check();
    },
  };
}
