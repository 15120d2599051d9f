import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";

export type PersonTally = {
  readonly annotator: string;
  readonly today: number;
  readonly lastDay: number;
  readonly firstAt: string | null;
};

/** Sums over the answers of a queue. */
export const createProgressStore = (db: Postgres) => ({
  /** Each person's answers since two times. */
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
