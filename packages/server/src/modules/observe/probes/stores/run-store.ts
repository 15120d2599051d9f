import type { ProbeRun } from "@treadle/contract";
import { and, desc, eq, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { probeRuns } from "./schema.ts";

export type RunRow = typeof probeRuns.$inferSelect;
export type RunKind = RunRow["kind"];
type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Epoch = { readonly projectId: string; readonly id: string; readonly epoch: number };

const COST_RUNS = 7;

const ofProbe = ({ projectId, id }: Pick<Epoch, "projectId" | "id">) =>
  and(eq(probeRuns.projectId, projectId), eq(probeRuns.probeId, id));

export const createRunStore = (db: Postgres) => ({
  ...createRunLists(db),
  ...createRunFinds(db),
  ...createRunWrites(db),
});

const createRunLists = (db: Postgres) => ({
  async list(probe: Pick<Epoch, "projectId" | "id">, { limit, cursor }: Page) {
    const [startedAt = "", id = ""] = cursor === undefined ? [] : fromTimeCursor(cursor);
    const after =
      cursor === undefined
        ? undefined
        : sql`(${probeRuns.startedAt}, ${probeRuns.id}) < (${startedAt}::timestamptz, ${id})`;
    const rows = await db
      .select()
      .from(probeRuns)
      .where(and(ofProbe(probe), after))
      .orderBy(desc(probeRuns.startedAt), desc(probeRuns.id))
      .limit(limit + 1);
    return toPage(rows, limit, (row) => [row.startedAt.toISOString(), row.id]);
  },

  /** The mean cost of the last daily runs; null without one. */
  async dailyCost(probe: Pick<Epoch, "projectId" | "id">): Promise<number | null> {
    const rows = await db
      .select({ costUsd: probeRuns.costUsd })
      .from(probeRuns)
      .where(and(ofProbe(probe), eq(probeRuns.kind, "daily"), ne(probeRuns.state, "running")))
      .orderBy(desc(probeRuns.startedAt))
      .limit(COST_RUNS);
    return rows.length === 0 ? null : rows.reduce((sum, { costUsd }) => sum + costUsd, 0) / rows.length;
  },
});

const ofEpoch = (probe: Epoch) => and(ofProbe(probe), eq(probeRuns.epoch, probe.epoch));
const ofKinds = (kinds: readonly RunKind[]) => inArray(probeRuns.kind, [...kinds]);

const createRunFinds = (db: Postgres) => {
  const newestOf = async (where: SQL | undefined): Promise<RunRow | undefined> => {
    const order = [desc(probeRuns.startedAt), desc(probeRuns.id)];
    const [row] = await db
      .select()
      .from(probeRuns)
      .where(where)
      .orderBy(...order)
      .limit(1);
    return row;
  };
  return {
    /** The newest run of some kinds in the current epoch. */
    newest: (probe: Epoch, kinds: readonly RunKind[]) => newestOf(and(ofEpoch(probe), ofKinds(kinds))),
    /** The run of some kinds that was begun and has not ended. */
    running: (probe: Epoch, kinds: readonly RunKind[]) =>
      newestOf(and(ofEpoch(probe), ofKinds(kinds), eq(probeRuns.state, "running"))),
    /** The hours whose reference is complete. */
    async listReferences(probe: Epoch): Promise<number[]> {
      const isEnded = inArray(probeRuns.state, ["done", "budget"]);
      const where = and(ofEpoch(probe), ofKinds(["reference"]), isEnded);
      const rows = await db.selectDistinct({ slot: probeRuns.slot }).from(probeRuns).where(where);
      return rows.map(({ slot }) => slot);
    },
  };
};

const createRunWrites = (db: Postgres) => ({
  async create(row: RunRow): Promise<void> {
    await db.insert(probeRuns).values(row);
  },
  async update(runId: string, changes: Partial<Omit<RunRow, "id" | "projectId" | "probeId">>): Promise<void> {
    await db.update(probeRuns).set(changes).where(eq(probeRuns.id, runId));
  },
  /** Removes the runs of earlier references with their answers, and what is older than a time. */
  async sweep(probe: Epoch, before: Date): Promise<void> {
    await db
      .delete(probeRuns)
      .where(and(ofProbe(probe), lt(probeRuns.epoch, probe.epoch), lt(probeRuns.startedAt, before)));
  },
});

export const toRun = (row: RunRow): ProbeRun => ({
  runId: row.id,
  kind: row.kind,
  slot: row.slot,
  state: row.state,
  calls: row.calls,
  answers: row.answers,
  failures: row.failures,
  costUsd: row.costUsd,
  countFactor: row.countFactor,
  logprobFactor: row.logprobFactor,
  evidence: row.evidence,
  message: row.message,
  startedAt: row.startedAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});
