import { lengthOf, type UnsealedRecord } from "../segments/record.ts";

/** One write and one sync take about this much at most, so that a small append never waits for gigabytes. */
const GROUP_BYTES = 8 * 1024 * 1024;

type Entry = {
  readonly records: readonly UnsealedRecord[];
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
};

/** Writes what is handed in; everything that arrives while a sync runs shares the next one. */
export function createGroupCommit(write: (records: readonly UnsealedRecord[]) => Promise<void>) {
  let queue: Entry[] = [];
  let queuedBytes = 0;
  let running: Promise<void> | null = null;

  async function run() {
    // Let everything that arrives in this turn of the event loop join the first group.
    await Promise.resolve();
    while (queue.length > 0) {
      const group = takeGroup();
      try {
        await write(group.flatMap((entry) => entry.records));
        for (const entry of group) entry.resolve();
      } catch (error) {
        for (const entry of group) entry.reject(error);
      } finally {
        for (const entry of group) queuedBytes -= entry.bytes;
      }
    }
    running = null;
  }

  function takeGroup(): Entry[] {
    let bytes = 0;
    let count = 0;
    for (const entry of queue) {
      if (count > 0 && bytes + entry.bytes > GROUP_BYTES) break;
      bytes += entry.bytes;
      count += 1;
    }
    const group = queue.slice(0, count);
    queue = queue.slice(count);
    return group;
  }

  return {
    /** Bytes that are encoded but not on disk yet. */
    queuedBytes: () => queuedBytes,
    /** Resolves once the records are on disk. Rejects if none of them is. */
    add(records: readonly UnsealedRecord[]): Promise<void> {
      const bytes = records.reduce((sum, record) => sum + lengthOf(record), 0);
      queuedBytes += bytes;
      return new Promise((resolve, reject) => {
        queue.push({ records, bytes, resolve, reject });
        running ??= run();
      });
    },
    /** Resolves when nothing is queued. */
    async idle(): Promise<void> {
      while (running) await running;
    },
  };
}
