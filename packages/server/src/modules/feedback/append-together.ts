import type { FeedbackDeps } from "./deps.ts";

/** As much as goes into the spool at once; the rest waits for the next. */
const MOST_ROWS = 2_000;

type Waiting = {
  readonly rows: readonly object[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Appends rows to the spool; what comes while an append goes on shares the next one, as one record in place of many. */
export function createAppendTogether(spool: Pick<FeedbackDeps["spool"], "append">, table: string) {
  let waiting: Waiting[] = [];
  let isAppending = false;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup();
      try {
        await spool.append(
          table,
          group.flatMap(({ rows }) => rows),
        );
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isAppending = false;
  }

  function takeGroup(): Waiting[] {
    let count = 0;
    let rows = 0;
    for (const entry of waiting) {
      if (count > 0 && rows + entry.rows.length > MOST_ROWS) break;
      count += 1;
      rows += entry.rows.length;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  /** Resolves once the rows are on disk. */
  return (rows: readonly object[]): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ rows, resolve, reject });
      if (isAppending) return;
      isAppending = true;
      // After this turn, so that all requests that were read in it are one write.
      setImmediate(() => void run());
    });
}
