import type { InboxItem } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createInboxStore, type Reader } from "../stores/inbox-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined; readonly unread: boolean };
/** A message to one person, such as a mention. */
export type Mention = {
  readonly userId: string;
  /** A second one with the same key changes the first. */
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly path: string;
};
export type Mentioned = (tx: Postgres, scope: Scope, mention: Mention) => Promise<void>;

/** The inbox of each person in each project. */
export function createInbox({ db, clock }: { readonly db: Postgres; readonly clock: Clock }) {
  const store = createInboxStore(db);
  return {
    async list(scope: Scope, { limit, cursor, unread }: Page) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, readerOf(scope), { limit: limit + 1, after, unread });
      return toPage<InboxItem>(rows, limit, ({ at, itemId }) => [at, itemId]);
    },
    countUnread: async (scope: Scope) => ({ count: await store.countUnread(scope.projectId, readerOf(scope)) }),
    async markRead(scope: Scope, itemId: string): Promise<void> {
      const readAt = new Date(clock.now());
      if (!(await store.markRead(scope.projectId, readerOf(scope), { itemId, readAt })))
        throw notFound("inbox item", itemId);
    },
    markAllRead: (scope: Scope) => store.markAllRead(scope.projectId, readerOf(scope).userId, new Date(clock.now())),
    mention: createMention(clock),
  };
}

/** Puts a mention into a person's inbox, in the caller's transaction. */
const createMention =
  (clock: Clock): Mentioned =>
  async (tx, { projectId }, { userId, key, ...about }) => {
    const now = clock.now();
    const at = new Date(now);
    const row = {
      id: newId("inbox", now),
      projectId,
      userId,
      thread: `mention/${key}`,
      kind: "mention" as const,
      severity: "info" as const,
      event: null,
      ...about,
      at,
      attentionAt: at,
    };
    await createInboxStore(tx).put(row, true);
  };

function readerOf({ userId, permissions }: Scope): Reader {
  if (userId === null) throw new AppError("forbidden", { message: "An API key has no inbox. Sign in to read yours." });
  return { userId, seesNotices: permissions.has("incidents:read") };
}
