import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { channels, messages } from "./schema.ts";

export type ChannelRow = typeof channels.$inferSelect;
type Changes = Partial<Omit<ChannelRow, "id" | "projectId" | "createdAt">>;

/** Some channels of all projects, newest first. */
export const listSomeChannels = (db: Postgres): Promise<ChannelRow[]> =>
  db.select().from(channels).orderBy(desc(channels.createdAt)).limit(20);

const isChannel = (projectId: string, channelId: string) =>
  and(eq(channels.projectId, projectId), eq(channels.id, channelId));

export const createChannelStore = (db: Postgres) => ({ ...createChannelReads(db), ...createChannelWrites(db) });

const createChannelReads = (db: Postgres) => ({
  list: (projectId: string): Promise<ChannelRow[]> =>
    db
      .select()
      .from(channels)
      .where(eq(channels.projectId, projectId))
      .orderBy(asc(channels.createdAt), asc(channels.id)),

  async find(projectId: string, channelId: string): Promise<ChannelRow | undefined> {
    const [row] = await db.select().from(channels).where(isChannel(projectId, channelId));
    return row;
  },
  /** How many messages of each channel wait, and how many could not be delivered. */
  countMessages: (projectId: string) =>
    db
      .select({
        channelId: messages.channelId,
        waiting: sql<number>`count(*) FILTER (WHERE ${messages.state} = 'waiting')::int`,
        dead: sql<number>`count(*) FILTER (WHERE ${messages.state} = 'dead')::int`,
      })
      .from(messages)
      .where(eq(messages.projectId, projectId))
      .groupBy(messages.channelId),
});

const createChannelWrites = (db: Postgres) => ({
  async create(row: ChannelRow): Promise<void> {
    await db.insert(channels).values(row);
  },
  async update(projectId: string, channelId: string, changes: Changes): Promise<ChannelRow | undefined> {
    const [row] = await db.update(channels).set(changes).where(isChannel(projectId, channelId)).returning();
    return row;
  },
  async delete(projectId: string, channelId: string): Promise<ChannelRow | undefined> {
    const [row] = await db.delete(channels).where(isChannel(projectId, channelId)).returning();
    return row;
  },
});
