import type { Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { openJobs } from "../../../../platform/jobs/open.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createAudit } from "../../../system/audit/index.ts";
import { createComments } from "../../../system/comments/index.ts";
import type { Notice } from "../../../system/notifications/index.ts";
import { toRow } from "../../traces/rows/span-row.ts";
import { makeSpan } from "../../traces/testing/make-span.ts";
import type { EvidenceMeans } from "../deps.ts";
import type { IncidentOpening } from "../opening.ts";
import { createIncidents } from "../service.ts";

type Stores = { readonly db: Postgres; readonly columnar: Columnar };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const BEGINNING = Date.parse("2026-11-20T10:00:00Z");
const MINUTE_MS = 60_000;

export const NO_MEANS: EvidenceMeans = {
  listBreakers: async () => [],
  listRollouts: async () => [],
  findRun: async () => null,
};

/** A project with incidents over real stores and a real job queue, which runs when `start` is called. */
export async function createIncidentWorld({ db, columnar }: Stores, evidence: EvidenceMeans = NO_MEANS) {
  const projectId = newId("proj");
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  const scope: Scope = { projectId, actor: "user_ada", userId: "user_ada", permissions: new Set() };
  let time = BEGINNING;
  const clock = { now: () => time, elapsed: () => time };
  const notices: Notice[] = [];
  const audit = createAudit({ db, clock });
  // Like the real one it reads the database, which has one connection: within a transaction it would never end.
  const namesOf = async () => {
    await db.execute(sql`SELECT 1`);
    return new Map([["user_ada", "Ada"]]);
  };
  const open = () => {
    const jobs = openJobs({ db, log: silent, isAlone: true });
    const incidents = createIncidents({
      db,
      columnar,
      jobs,
      audit,
      comments: createComments({ db, audit, clock, namesOf, membersOf: async () => [], async mention() {} }),
      announce: async (_tx, _scope, notice) => void notices.push(notice),
      namesOf,
      isMember: async (_projectId, userId) => (await namesOf()).has(userId),
      evidence,
      clock,
      log: silent,
    });
    return { jobs, incidents };
  };
  const first = open();
  const opening = (more: Partial<IncidentOpening> = {}): IncidentOpening => ({
    ...OPENING,
    at: new Date(time),
    from: new Date(time - 10 * MINUTE_MS),
    ...more,
  });
  return {
    ...first,
    /** A second process on the same database. */
    reopen: open,
    scope,
    audit,
    notices,
    opening,
    move: (minutes: number) => {
      time += minutes * MINUTE_MS;
    },
    now: () => time,
    openBy: (more: Partial<IncidentOpening> = {}) =>
      db.transaction((tx) => first.incidents.sink.open(tx, scope, opening(more))),
    recover: (text = "It is good again.") =>
      db.transaction((tx) =>
        first.incidents.sink.recover(tx, scope, { source: OPENING.source, at: new Date(time), text, isMuted: false }),
      ),
    get: (incidentId: string) => first.incidents.get(scope, incidentId),
    kinds: async (incidentId: string) =>
      (await first.incidents.listEvents(scope, incidentId, { limit: 100 })).items.map(({ kind }) => kind),
    /** Stores calls of so many minutes before now, spread evenly. */
    async send(count: number, minutes: readonly [from: number, to: number], spanOf: (place: number) => Partial<Span>) {
      const [from, to] = minutes.map((minute) => time - minute * MINUTE_MS) as [number, number];
      const rows = Array.from({ length: count }, (_, place) => {
        const startTime = new Date(from + ((to - from) * (place + 0.5)) / count).toISOString();
        return toRow(projectId, makeSpan({ startTime, ...spanOf(place) }), false);
      });
      await columnar.insert("spans", rows);
    },
  };
}
export type IncidentWorld = Awaited<ReturnType<typeof createIncidentWorld>>;

const OPENING: Omit<IncidentOpening, "at" | "from"> = {
  source: { kind: "monitor", id: "mon_1", name: "Error rate", series: "" },
  severity: "warning",
  title: "The error rate is above 5 %",
  text: "12 % of the spans failed.",
  filter: "",
  measure: "errorRate",
  facts: [{ label: "Value", value: "12 %" }],
  labels: { team: "support" },
  runbookUrl: "https://example.com/runbook",
  reopenWithinMs: 15 * MINUTE_MS,
  isMuted: false,
};
