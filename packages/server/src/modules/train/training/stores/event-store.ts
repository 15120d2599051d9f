import { TrainingEvent } from "@treadle/contract";
import { and, asc, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { trainingCheckpoints, trainingEvents } from "./schema.ts";

type Place = { readonly after: number; readonly limit: number; readonly type?: string | undefined };
export type CheckpointRow = typeof trainingCheckpoints.$inferSelect;

const toEvent = ({ data }: { data: Record<string, unknown> }): TrainingEvent => TrainingEvent.parse(data);

/** Trainer events. A run is looked up in its project before its events are read. */
export const createEventStore = (db: Postgres) => ({
  /** An existing entry stays unchanged. */
  async add(runId: string, events: readonly TrainingEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((event) => ({ runId, seq: event.seq, type: event.type, data: event }));
    await db.insert(trainingEvents).values(rows).onConflictDoNothing();
  },

  async list(runId: string, { after, limit, type }: Place): Promise<TrainingEvent[]> {
    const rows = await db
      .select({ data: trainingEvents.data })
      .from(trainingEvents)
      .where(
        and(
          eq(trainingEvents.runId, runId),
          gt(trainingEvents.seq, after),
          type === undefined ? undefined : eq(trainingEvents.type, type),
        ),
      )
      .orderBy(asc(trainingEvents.seq))
      .limit(limit);
    return rows.map(toEvent);
  },

  /** Newest first, those before a number; heartbeats are left out. */
  async listBefore(runId: string, before: number, limit: number): Promise<TrainingEvent[]> {
    const types = ["status", "metrics", "eval", "checkpoint", "warning", "artifact", "error", "done"];
    const rows = await db
      .select({ data: trainingEvents.data })
      .from(trainingEvents)
      .where(and(eq(trainingEvents.runId, runId), lt(trainingEvents.seq, before), inArray(trainingEvents.type, types)))
      .orderBy(desc(trainingEvents.seq))
      .limit(limit);
    return rows.map(toEvent);
  },

  /** Steps with their measurements after an event's number, in order of their report. */
  async listMeasured(
    runId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<{ seq: number; step: number; values: Record<string, unknown> }[]> {
    const { seq, type, data } = trainingEvents;
    const step = sql<number>`(${data}->>'step')::double precision`;
    const rows = await db
      .select({ seq, step, values: data })
      .from(trainingEvents)
      .where(and(eq(trainingEvents.runId, runId), gt(seq, after), inArray(type, ["metrics", "eval"])))
      .orderBy(asc(seq))
      .limit(limit);
    return rows.map((row) => ({ ...row, step: Number(row.step) }));
  },
});

export const createCheckpointStore = (db: Postgres) => ({
  /** Newest first. */
  list: (runId: string): Promise<CheckpointRow[]> =>
    db
      .select()
      .from(trainingCheckpoints)
      .where(eq(trainingCheckpoints.runId, runId))
      .orderBy(desc(trainingCheckpoints.step)),

  async save(row: CheckpointRow): Promise<void> {
    if (row.isBest)
      await db.update(trainingCheckpoints).set({ isBest: false }).where(eq(trainingCheckpoints.runId, row.runId));
    const { runId, step, ...rest } = row;
    await db
      .insert(trainingCheckpoints)
      .values(row)
      .onConflictDoUpdate({ target: [trainingCheckpoints.runId, trainingCheckpoints.step], set: rest });
  },
});
