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
  return {
    ...world,
    db,
    deps,
    issues: createIssues(deps),
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
export type TestIssues = Awaited<ReturnType<typeof openTestIssues>>;
