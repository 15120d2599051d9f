import { setTimeout as sleep } from "node:timers/promises";
import type { Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { createComments } from "../../../system/comments/index.ts";
import type { Notice } from "../../../system/notifications/index.ts";
import { MODEL_OF_SPAN } from "../../traces/index.ts";
import { SPANS_TABLE, toRow, toStored } from "../../traces/rows/span-row.ts";
import { openTestTraces } from "../../traces/testing/open-test-traces.ts";
import { SETTLE_MS } from "../follow/passed-on.ts";
import { createIssues } from "../service.ts";
import type { IssuesDeps } from "../stores/deps.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Issues over real stores. The clock can be moved. `embed` is given by the test. */
export async function openTestIssues(start: number, embed: IssuesDeps["embed"]) {
  const postgres = await openTestPostgres();
  const world = await openTestTraces(start);
  const { db } = postgres;
  let now = start;
  const clock = { now: () => now, elapsed: () => performance.now() };
  let readTo: number | null = null;
  const notices: Notice[] = [];
  const audit = { record: async () => undefined };
  const namesOf = async () => new Map<string, string>();
  const deps: IssuesDeps = {
    db,
    columnar: world.columnar,
    jobs: { register() {}, send: async () => "job_1" },
    // Spans are received at the real time, and tests do not wait until errors have settled.
    traces: { completeTo: () => (readTo ?? Date.now()) + SETTLE_MS },
    modelOfSpan: MODEL_OF_SPAN,
    comments: createComments({ db, audit, clock, namesOf, membersOf: async () => [], async mention() {} }),
    audit,
    // As in the product, a notice with a known key is ignored.
    announce: async (_tx, _scope, notice) => {
      if (!notices.some(({ key }) => key === notice.key)) notices.push(notice);
    },
    clock,
    log: silent,
    embed,
    namesOf,
    isMember: async (_projectId, userId) => userId === "user_ada",
  };
  let projects = 0;
  const issues = createIssues(deps);
  return {
    ...world,
    ...stepsOf(issues, world),
    db,
    deps,
    issues,
    notices,
    /** Reads what was received before a time. Null reads everything up to the real time. */
    readTo: (time: number | null) => {
      readTo = time;
    },
    /** Stores spans as received at another time. */
    keepAt: (scope: Scope, receivedMs: number, spans: readonly Span[]) =>
      world.columnar.insert(
        SPANS_TABLE,
        spans.map((span) => toStored({ ...toRow(scope.projectId, span, false), received_at: receivedMs })),
      ),
    moveTo: (time: number) => {
      now = time;
    },
    /** A new project that is followed. */
    async project() {
      projects++;
      const scope = systemScope(`proj_issues_${projects}`);
      await db.execute(
        sql`INSERT INTO projects (id, name, created_at) VALUES (${scope.projectId}, ${scope.projectId}, now())`,
      );
      return scope;
    },
    async close() {
      await world.close();
      await postgres.close();
    },
  };
}
/** What tests do again and again. */
const stepsOf = (issues: ReturnType<typeof createIssues>, { keep }: Pick<TestTraces, "keep">) => ({
  list: (scope: Scope, more = {}) =>
    issues.list(scope, { limit: 200, order: "occurrences", direction: "desc", ...more }),

  /** Groups what was received, and returns the number of failures that were counted. */
  async group(scope: Scope): Promise<number> {
    let total = 0;
    await issues.follow(scope);
    for (let time = 0; time < MOST_STEPS; time++) {
      const { counted, isDone } = await issues.step(scope, new AbortController().signal);
      total += counted;
      if (isDone) break;
    }
    return total;
  },

  /** Stores spans, and waits until the time of their receipt has passed. */
  async receive(scope: Scope, spans: readonly Span[]): Promise<void> {
    await keep(scope, spans);
    await sleep(5);
  },
});
const MOST_STEPS = 40;
type TestTraces = Awaited<ReturnType<typeof openTestTraces>>;

export type TestIssues = Awaited<ReturnType<typeof openTestIssues>>;
