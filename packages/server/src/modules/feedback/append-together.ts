import { setTimeout as pause } from "node:timers/promises";
import type { FeedbackDeps } from "./deps.ts";

/** As much as goes into the spool at once; the rest waits for the next. */
const MOST_ROWS = 2_000;
/** After an append of so many rows the next waits a moment for company: a sync costs as much as keeping several rows does. */
const MANY_ROWS = 8;
const GATHER_MS = 2;

/** Rows that go into the spool together, and what all who gave them wait for. */
type Group = {
  readonly rows: object[];
  readonly kept: PromiseWithResolvers<void>;
};

/** Appends rows to the spool; what comes while an append goes on shares the next one, as one record in place of many. */
export function createAppendTogether(spool: Pick<FeedbackDeps["spool"], "append">, table: string) {
  const waiting: Group[] = [];
  let isAppending = false;

  async function run(): Promise<void> {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      await spool.append(table, group.rows).then(group.kept.resolve, group.kept.reject);
      if (group.rows.length >= MANY_ROWS) await pause(GATHER_MS);
    }
    isAppending = false;
  }

  /** The newest group, or another one when these rows would make it too large. */
  function groupFor(count: number): Group {
    const newest = waiting.at(-1);
    if (newest && newest.rows.length + count <= MOST_ROWS) return newest;
    const group: Group = { rows: [], kept: Promise.withResolvers() };
    waiting.push(group);
    return group;
  }

  /** Resolves once the rows are on disk. */
  return function append(rows: readonly object[]): Promise<void> {
    const group = groupFor(rows.length);
    for (const row of rows) group.rows.push(row);
    if (!isAppending) {
      isAppending = true;
      // After this turn, so that all requests that were read in it are one write.
      setImmediate(() => void run());
    }
    return group.kept.promise;
  };
}
