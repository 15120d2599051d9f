import type { ProbeRun } from "@treadle/contract";
import { and, desc, eq, gte, inArray, lt, ne, sql } from "drizzle-orm";
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

  /** The newest run of some kinds in the current epoch. */
  async newest(probe: Epoch, kinds: readonly RunKind[]): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(probeRuns)
      .where(and(ofProbe(probe), eq(probeRuns.epoch, probe.epoch), inArray(probeRuns.kind, [...kinds])))
      .orderBy(desc(probeRuns.startedAt), desc(probeRuns.id))
      .limit(1);
    return row;
  },

  /** The run of some kinds that was begun and has not ended. */
  async running(probe: Epoch, kinds: readonly RunKind[]): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(probeRuns)
      .where(
        and(
          ofProbe(probe),
          eq(probeRuns.epoch, probe.epoch),
          eq(probeRuns.state, "running"),
          inArray(probeRuns.kind, [...kinds]),
        ),
      )
      .orderBy(desc(probeRuns.startedAt))
      .limit(1);
    return row;
  },

  /** The hours whose reference is complete. */
  async listReferences(probe: Epoch): Promise<number[]> {
    const rows = await db
      .selectDistinct({ slot: probeRuns.slot })
      .from(probeRuns)
      .where(
        and(
          ofProbe(probe),
          eq(probeRuns.epoch, probe.epoch),
          eq(probeRuns.kind, "reference"),
          inArray(probeRuns.state, ["done", "budget"]),
        ),
      );
    return rows.map(({ slot }) => slot);
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
  async countSince(probe: Pick<Epoch, "projectId" | "id">, since: Date): Promise<number> {
    return db.$count(probeRuns, and(ofProbe(probe), gte(probeRuns.startedAt, since)));
  },
});
export type RunStore = ReturnType<typeof createRunStore>;

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
