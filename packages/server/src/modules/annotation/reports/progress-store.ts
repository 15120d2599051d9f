import { sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";

export type QueueTally = {
  readonly status: string;
  readonly items: number;
  readonly wanted: number;
  readonly given: number;
  readonly held: number;
};
export type PersonTally = {
  readonly annotator: string;
  readonly today: number;
  readonly lastDay: number;
  readonly firstAt: string | null;
};

/** Sums over a queue. */
export const createProgressStore = (db: Postgres) => ({
  /** Test items left out. */
  async tally(queueId: string): Promise<QueueTally[]> {
    const { rows } = await db.execute<QueueTally>(sql`
      SELECT status, count(*)::int AS items, coalesce(sum(overlap), 0)::int AS wanted,
        coalesce(sum(least(answered, overlap)), 0)::int AS given, (count(*) FILTER (WHERE held > 0))::int AS held
      FROM annotation_items WHERE queue_id = ${queueId} AND NOT is_gold GROUP BY status`);
    return rows;
  },

  /** What each person answered since two moments. */
  async tallyPeople(queueId: string, since: { readonly today: Date; readonly lastDay: Date }): Promise<PersonTally[]> {
    const [today, lastDay] = [since.today.toISOString(), since.lastDay.toISOString()];
    const { rows } = await db.execute<PersonTally>(sql`
      SELECT person.annotator, recent.*
      FROM annotation_annotators AS person
      JOIN LATERAL (
        SELECT (count(*) FILTER (WHERE created_at >= ${today}::timestamptz))::int AS today, count(*)::int AS "lastDay",
          min(created_at)::text AS "firstAt"
        FROM annotation_answers AS answer
        WHERE answer.queue_id = person.queue_id AND answer.annotator = person.annotator
          AND answer.created_at >= ${lastDay}::timestamptz AND answer.status IN ('submitted', 'discarded')) AS recent ON true
      WHERE person.queue_id = ${queueId}`);
    return rows;
  },
});
