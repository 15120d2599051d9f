import type { JobProgress } from "@treadle/contract";

type Options = {
  readonly first: JobProgress;
  /** From the end of one write to the beginning of the next, at least. */
  readonly everyMs: number;
  /** Never rejects. */
  write(progress: JobProgress): Promise<void>;
};

/**
 * Stores a job's progress and writes the newest value now and then: the first report immediately, then one per
 * interval.
 */
export function createProgress({ first, everyMs, write }: Options) {
  let current = first;
  let hasNews = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;

  function flush(): void {
    timer = null;
    if (!hasNews || isStopped) return;
    hasNews = false;
    writing = write(current).then(() => {
      writing = null;
      timer = setTimeout(flush, everyMs).unref();
    });
  }

  return {
    get current() {
      return current;
    },
    report(news: Partial<JobProgress>): void {
      current = { ...current, ...news };
      hasNews = true;
      if (timer === null && writing === null) flush();
    },
    /** Marks a value as written if another write included it. */
    noteWritten(): void {
      hasNews = false;
    },
    /** Resolves when nothing is being written any more; nothing is from then on. */
    async stop(): Promise<void> {
      isStopped = true;
      await writing;
      if (timer) clearTimeout(timer);
    },
  };
}
