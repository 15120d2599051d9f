import { and, asc, desc, eq, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { topicMembers, topicResults, topics } from "./schema.ts";

export type TopicRow = typeof topics.$inferSelect;
export type ResultRow = typeof topicResults.$inferSelect;
export type MemberRow = typeof topicMembers.$inferSelect;
export type ShownTopic = TopicRow & ResultRow;

const CHUNK = 1_000;
type Place = { readonly limit: number; readonly after: readonly [number, string] | null };

export const createTopicStore = (db: Postgres) => ({
  async find(projectId: string, topicId: string): Promise<TopicRow | undefined> {
    const [row] = await db
      .select()
      .from(topics)
      .where(and(eq(topics.projectId, projectId), eq(topics.id, topicId)));
    return row;
  },

  /** Creates topics. The label of one that exists changes unless a person gave it. */
  async save(rows: readonly TopicRow[]): Promise<void> {
    for (const row of rows)
      await db
        .insert(topics)
        .values(row)
        .onConflictDoUpdate({
          target: topics.id,
          set: { label: row.label, labelSource: row.labelSource },
          setWhere: sql`${topics.labelSource} <> 'person'`,
        });
  },

  async rename(projectId: string, topicId: string, changes: Pick<TopicRow, "label" | "labelSource">): Promise<void> {
    await db
      .update(topics)
      .set(changes)
      .where(and(eq(topics.projectId, projectId), eq(topics.id, topicId)));
  },
});

const joined = { ...topicsColumns(), ...resultColumns() };
function topicsColumns() {
  const { id, label, labelSource, firstSeenAt } = topics;
  return { id, label, labelSource, firstSeenAt };
}
function resultColumns() {
  const { runId, topicId, projectId, parentId, traces, facts, center, radius } = topicResults;
  return { runId, topicId, projectId, parentId, traces, facts, center, radius };
}

export const createResultStore = (db: Postgres) => ({ ...createAddOfResultStore(db), ...createFindOfResultStore(db) });

const createAddOfResultStore = (db: Postgres) => ({
  async add(rows: readonly ResultRow[]): Promise<void> {
    if (rows.length > 0) await db.insert(topicResults).values([...rows]);
  },

  /** The topics of a run, largest first. */
  list: (projectId: string, runId: string, { limit, after }: Place): Promise<ShownTopic[]> =>
    db
      .select(joined)
      .from(topicResults)
      .innerJoin(topics, eq(topics.id, topicResults.topicId))
      .where(
        and(
          eq(topicResults.projectId, projectId),
          eq(topicResults.runId, runId),
          after
            ? or(
                sql`${topicResults.traces} < ${after[0]}`,
                and(eq(topicResults.traces, after[0]), sql`${topicResults.topicId} > ${after[1]}`),
              )
            : undefined,
        ),
      )
      .orderBy(desc(topicResults.traces), asc(topicResults.topicId))
      .limit(limit),
});

const createFindOfResultStore = (db: Postgres) => ({
  async find(projectId: string, runId: string, topicId: string): Promise<ShownTopic | undefined> {
    const [row] = await db
      .select(joined)
      .from(topicResults)
      .innerJoin(topics, eq(topics.id, topicResults.topicId))
      .where(
        and(eq(topicResults.projectId, projectId), eq(topicResults.runId, runId), eq(topicResults.topicId, topicId)),
      );
    return row;
  },
});

export const createMemberStore = (db: Postgres) => ({
  ...createAddOfMemberStore(db),
  ...createByTopicOfMemberStore(db),
});

const createAddOfMemberStore = (db: Postgres) => ({
  async add(rows: readonly MemberRow[]): Promise<void> {
    for (let at = 0; at < rows.length; at += CHUNK) await db.insert(topicMembers).values(rows.slice(at, at + CHUNK));
  },

  /** The traces of a topic with those of its subtopics, most typical first. */
  list: (projectId: string, { runId, topicId, limit, after }: Place & { runId: string; topicId: string }) =>
    db
      .select()
      .from(topicMembers)
      .where(
        and(
          eq(topicMembers.projectId, projectId),
          eq(topicMembers.runId, runId),
          or(eq(topicMembers.topicId, topicId), eq(topicMembers.parentId, topicId)),
          after
            ? sql`(${topicMembers.similarity}, ${topicMembers.traceId}) < (${after[0]}::real, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(topicMembers.similarity), desc(topicMembers.traceId))
      .limit(limit),
});

const createByTopicOfMemberStore = (db: Postgres) => ({
  /** The trace ids of each topic of a run. A subtopic's traces are its topic's too. */
  async byTopic(projectId: string, runId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await db
      .select({ topicId: topicMembers.topicId, parentId: topicMembers.parentId, traceId: topicMembers.traceId })
      .from(topicMembers)
      .where(and(eq(topicMembers.projectId, projectId), eq(topicMembers.runId, runId)));
    const members = new Map<string, string[]>();
    const add = (id: string, traceId: string) => {
      const own = members.get(id);
      if (own) own.push(traceId);
      else members.set(id, [traceId]);
    };
    for (const { topicId, parentId, traceId } of rows) {
      add(topicId, traceId);
      if (parentId !== null) add(parentId, traceId);
    }
    return members;
  },
});
