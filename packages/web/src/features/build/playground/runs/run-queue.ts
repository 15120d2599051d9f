type Job = {
  readonly key: string;
  readonly stop: AbortController;
  readonly work: (signal: AbortSignal) => Promise<void>;
};

/** Runs jobs a few at a time, in the order in which they came. A job with the key of another takes its place. */
export function createQueue() {
  const waiting: Job[] = [];
  const running = new Map<string, Job>();
  let atOnce = 4;

  function fill() {
    while (running.size < atOnce) {
      const job = waiting.shift();
      if (!job) return;
      running.set(job.key, job);
      void job.work(job.stop.signal).finally(() => {
        if (running.get(job.key) === job) running.delete(job.key);
        fill();
      });
    }
  }
  /** Whether there was one to stop. */
  function cancel(key: string): boolean {
    const place = waiting.findIndex((job) => job.key === key);
    if (place >= 0) waiting.splice(place, 1);
    const job = running.get(key);
    running.delete(key);
    job?.stop.abort();
    if (job) fill();
    return place >= 0 || job !== undefined;
  }
  return {
    add(key: string, work: Job["work"]) {
      cancel(key);
      waiting.push({ key, work, stop: new AbortController() });
      fill();
    },
    cancel,
    /** Ends everything; gives the keys of what had not begun. */
    cancelAll(): readonly string[] {
      const keys = waiting.splice(0).map(({ key }) => key);
      for (const job of [...running.values()]) job.stop.abort();
      running.clear();
      return keys;
    },
    setAtOnce(count: number) {
      atOnce = Math.max(1, count);
      fill();
    },
  };
}
