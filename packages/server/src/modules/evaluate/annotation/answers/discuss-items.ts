import type { AnnotationComment } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { storableText } from "../../experiments/index.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { type CommentRow, createCommentStore } from "../stores/comment-store.ts";
import { createItemStore } from "../stores/item-store.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "namesOf">;

/** Comments on items. */
export function createDiscussion({ db, clock, namesOf }: Deps) {
  const store = createCommentStore(db);

  async function check(scope: Scope, itemId: string): Promise<void> {
    if (!(await createItemStore(db).find(scope.projectId, itemId))) throw notFound("annotation item", itemId);
  }
  const toComment = (
    { id: commentId, itemId, text, createdBy, createdAt }: CommentRow,
    scope: Scope,
    names: ReadonlyMap<string, string>,
  ): AnnotationComment => ({
    commentId,
    itemId,
    text,
    isOwn: createdBy === scope.actor,
    createdAt: createdAt.toISOString(),
    author: { actorId: createdBy, name: names.get(createdBy) ?? createdBy },
  });

  return {
    async list(scope: Scope, itemId: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
      await check(scope, itemId);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, itemId, { limit: limit + 1, after });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const names = await namesOf(
        scope.projectId,
        page.items.map(({ createdBy }) => createdBy),
      );
      return { ...page, items: page.items.map((row) => toComment(row, scope, names)) };
    },

    async create(scope: Scope, itemId: string, text: string): Promise<AnnotationComment> {
      await check(scope, itemId);
      const now = clock.now();
      const row: CommentRow = {
        id: newId("comment", now),
        projectId: scope.projectId,
        itemId,
        text: storableText(text),
        createdBy: scope.actor,
        createdAt: new Date(now),
      };
      await db.transaction(async (tx) => {
        await createItemStore(tx).countComment(scope.projectId, itemId);
        await createCommentStore(tx).add(row);
      });
      return toComment(row, scope, await namesOf(scope.projectId, [scope.actor]));
    },
  };
}
