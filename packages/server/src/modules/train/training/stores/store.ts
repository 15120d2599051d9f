import { ENDED_TRAINING, TRAINING_STATUSES, type TrainingRun } from "@treadle/contract";
import { and, asc, desc, eq, ilike, inArray, lt, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { trainingRuns } from "./schema.ts";

export type RunRow = typeof trainingRuns.$inferSelect;
export type RunChanges = Partial<Omit<RunRow, "id" | "projectId">>;
type Status = RunRow["status"];
export type RunFilter = { readonly search: string; readonly status?: "active" | "ended" | Status | undefined };

const ended = TRAINING_STATUSES.filter((status) => ENDED_TRAINING.has(status));
const active = TRAINING_STATUSES.filter((status) => !ENDED_TRAINING.has(status));
/** Runs that use the machine. */
const BUSY: Status[] = ["preparing", "running", "saving"];

const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");
const statusesOf = (status: NonNullable<RunFilter["status"]>): Status[] =>
  status === "active" ? active : status === "ended" ? ended : [status];

const conditionsOf = (projectId: string, { search, status }: RunFilter) =>
  and(
    eq(trainingRuns.projectId, projectId),
    search ? ilike(trainingRuns.name, `%${literally(search)}%`) : undefined,
    status === undefined ? undefined : inArray(trainingRuns.status, statusesOf(status)),
  );

export const createRunStore = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(trainingRuns)
      .where(and(eq(trainingRuns.projectId, projectId), eq(trainingRuns.id, id)));
    return row;
  },

  async findRequest(projectId: string, requestId: string): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(trainingRuns)
      .where(and(eq(trainingRuns.projectId, projectId), eq(trainingRuns.requestId, requestId)));
    return row;
  },

  /** Newest first, those after a place. */
  list: (
    projectId: string,
    filter: RunFilter,
    { limit, after }: { limit: number; after: readonly [createdAt: string, id: string] | null },
  ): Promise<RunRow[]> =>
    db
      .select()
      .from(trainingRuns)
      .where(
        and(
          conditionsOf(projectId, filter),
          after
            ? sql`(${trainingRuns.createdAt}, ${trainingRuns.id}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(trainingRuns.createdAt), desc(trainingRuns.id))
      .limit(limit),

  listActive: (projectId: string): Promise<RunRow[]> =>
    db
      .select()
      .from(trainingRuns)
      .where(and(eq(trainingRuns.projectId, projectId), inArray(trainingRuns.status, active))),

  async create(row: RunRow): Promise<void> {
    await db.insert(trainingRuns).values(row);
  },

  async update(projectId: string, id: string, changes: RunChanges): Promise<void> {
    await db
      .update(trainingRuns)
      .set(changes)
      .where(and(eq(trainingRuns.projectId, projectId), eq(trainingRuns.id, id)));
  },

  /** Changes a run that is in one of some states; false when it is in another by now. */
  async move({ projectId, id }: Pick<RunRow, "projectId" | "id">, from: readonly Status[], changes: RunChanges) {
    const rows = await db
      .update(trainingRuns)
      .set(changes)
      .where(
        and(eq(trainingRuns.projectId, projectId), eq(trainingRuns.id, id), inArray(trainingRuns.status, [...from])),
      )
      .returning({ id: trainingRuns.id });
    return rows.length > 0;
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(trainingRuns).where(and(eq(trainingRuns.projectId, projectId), eq(trainingRuns.id, id)));
  },
});

/** The runs that used data. */
export const createMadeStore = (db: Postgres) => ({
  /** Newest first: those that were given rows of a dataset; with a root, of just that version. */
  listMadeOf: (
    projectId: string,
    { datasetId, root }: { datasetId: string; root: string | null },
    limit: number,
  ): Promise<RunRow[]> =>
    db
      .select()
      .from(trainingRuns)
      .where(
        and(
          eq(trainingRuns.projectId, projectId),
          sql`${trainingRuns.data} @> ${JSON.stringify({ sources: [root === null ? { datasetId } : { datasetId, root }] })}::jsonb`,
        ),
      )
      .orderBy(desc(trainingRuns.createdAt), desc(trainingRuns.id))
      .limit(limit),
});

/** Runs that train here, and so want the machine. */
const isHere = sql`${trainingRuns.config}->'launcher'->>'type' IN ('local', 'torchrun')`;

/** The queue for the machine over all projects, its active runs, and remote runs. */
export const createQueueStore = (db: Postgres) => ({
  /** Runs without a result that ended before a time, of every project. */
  listAbandoned: (before: Date): Promise<{ id: string }[]> =>
    db
      .select({ id: trainingRuns.id })
      .from(trainingRuns)
      .where(and(inArray(trainingRuns.status, ["failed", "cancelled"]), lt(trainingRuns.endedAt, before))),

  /** An active run on a compute target. */
  async findOn(projectId: string, target: string): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(trainingRuns)
      .where(
        and(
          eq(trainingRuns.projectId, projectId),
          inArray(trainingRuns.status, active),
          sql`${trainingRuns.config}->'launcher'->>'target' = ${target}`,
        ),
      )
      .limit(1);
    return row;
  },

  /** Runs of all projects that wait for the machine, in order. */
  async listWaiting(): Promise<string[]> {
    const rows = await db
      .select({ id: trainingRuns.id })
      .from(trainingRuns)
      .where(and(eq(trainingRuns.status, "queued"), isHere))
      .orderBy(asc(trainingRuns.queuedAt), asc(trainingRuns.id));
    return rows.map(({ id }) => id);
  },

  /** The run that has the machine, if it is not this one. */
  async findBusy(exceptId: string): Promise<{ id: string; projectId: string; name: string } | undefined> {
    const { id, projectId, name } = trainingRuns;
    const [row] = await db
      .select({ id, projectId, name })
      .from(trainingRuns)
      .where(and(inArray(trainingRuns.status, BUSY), isHere, ne(id, exceptId)));
    return row;
  },
});

export const isActive = ({ status }: Pick<TrainingRun, "status">): boolean => !ENDED_TRAINING.has(status);
