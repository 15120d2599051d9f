import { MonitorInput, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createAudit } from "../../../system/audit/index.ts";
import { toRow } from "../../traces/rows/span-row.ts";
import { makeSpan } from "../../traces/testing/make-span.ts";
import type { MonitorDeps } from "../run/deps.ts";
import { createMonitors } from "../service.ts";

type Stores = { readonly db: Postgres; readonly columnar: Columnar };
type Draft = Partial<z.input<typeof MonitorInput>>;

const BEGINNING = Date.parse("2026-11-20T10:00:00Z");
const SIGNAL = new AbortController().signal;
const silent = { warn() {}, error() {} };

/** The condition of most tests: more than a tenth of the spans fail, for certain. */
export const ERROR_RATE: z.input<typeof MonitorInput> = {
  name: "Error rate",
  source: { kind: "measure", measure: "errorRate" },
  condition: { kind: "threshold", critical: 0.1 },
  windowSeconds: 300,
  everySeconds: 60,
  recoverAfterSeconds: 60,
};

/** A project with a clock that stands until it is moved. Incidents and notices are rows, so that a rollback takes them away. */
export async function createWorld({ db, columnar }: Stores, projectId = newId("proj")) {
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  await db.execute(
    sql`CREATE TEMP TABLE IF NOT EXISTS told (place serial, project_id text, kind text, subject text, text text)`,
  );
  const scope: Scope = { projectId, actor: "user_1", userId: "user_1", permissions: new Set() };
  let time = BEGINNING;
  const clock = { now: () => time, elapsed: () => performance.now() };
  const spool = { pendingRows: 0, oldestPendingSeconds: null as number | null };
  const deps = depsOf({ db, columnar }, { clock, spool });
  const open = (more: Partial<MonitorDeps> = {}) => createMonitors({ ...deps, ...more });
  const monitors = open();

  return {
    scope,
    clock,
    spool,
    monitors,
    open,
    signal: SIGNAL,
    now: () => time,
    move(ms: number) {
      time += ms;
    },
    create: (draft: Draft = {}) => monitors.create(scope, MonitorInput.parse({ ...ERROR_RATE, ...draft }), SIGNAL),
    evaluate: (of = monitors) => of.evaluateDue(projectId, SIGNAL),
    /** Spans with these starts, in seconds before now. */
    send: (spans: readonly { readonly ago: number; readonly span?: Partial<Span> }[]) =>
      columnar.insert(
        "spans",
        spans.map(({ ago, span }) =>
          toRow(projectId, makeSpan({ startTime: new Date(time - ago * 1_000).toISOString(), ...span }), false),
        ),
      ),
    /** Incidents and notices, in order. */
    async told(): Promise<string[]> {
      const { rows } = await db.execute<{ kind: string; text: string }>(
        sql`SELECT kind, text FROM told WHERE project_id = ${projectId} ORDER BY place`,
      );
      return rows.map(({ kind, text }) => `${kind} ${text}`);
    },
    async history(monitorId: string): Promise<string[]> {
      const { items } = await monitors.listTransitions(scope, monitorId, { limit: 100 });
      return items.toReversed().map(({ series, from, to }) => `${series === "" ? "" : `${series}: `}${from} to ${to}`);
    },
  };
}

/** So many spans within the last complete minute, of which some failed. */
export const minuteOf = (count: number, failed: number, span: Partial<Span> = {}) =>
  Array.from({ length: count }, (_, place) => ({
    ago: 20 + (place % 50),
    span: { ...span, ...(place < failed && { status: "error" as const }) },
  }));

type Fakes = Pick<MonitorDeps, "clock"> & {
  readonly spool: { readonly pendingRows: number; readonly oldestPendingSeconds: number | null };
};

function depsOf({ db, columnar }: Stores, { clock, spool }: Fakes): MonitorDeps {
  const tell = async (tx: Postgres, { projectId }: Scope, row: { kind: string; subject: string; text: string }) => {
    await tx.execute(
      sql`INSERT INTO told (project_id, kind, subject, text) VALUES (${projectId}, ${row.kind}, ${row.subject}, ${row.text})`,
    );
  };
  return {
    db,
    columnar,
    spool: { status: () => ({ ...EMPTY_SPOOL, ...spool }) },
    jobs: { register() {}, send: async () => "job_1" },
    audit: createAudit({ db, clock }),
    incidents: {
      async open(tx, scope, { source, severity, isMuted, title }) {
        const text = `${title} (${severity}${isMuted ? ", muted" : ""})`;
        await tell(tx, scope, { kind: "open", subject: source.id, text });
        return `inc_${source.series || "one"}`;
      },
      recover: (tx, scope, { source, isMuted }) =>
        tell(tx, scope, { kind: "recover", subject: source.id, text: `${source.series}${isMuted ? "(muted)" : ""}` }),
    },
    announce: (tx, scope, { subject, title }) => tell(tx, scope, { kind: "notice", subject: subject.id, text: title }),
    runSql: () => Promise.reject(new Error("this test has no SQL")),
    clock,
    log: silent,
  };
}

const EMPTY_SPOOL = {
  state: "ok" as const,
  message: "",
  pendingBytes: 0,
  capBytes: 1e9,
  droppedRows: 0,
  undeliverableRows: 0,
  keptRows: 0,
  keptBytes: 0,
  deliveredRows: 0,
  damagedPlaces: 0,
};
