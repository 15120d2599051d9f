import type { Comment } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { About, CommentEntry, Comments } from "../../system/comments/index.ts";

type Place = { readonly traceId: string; readonly spanId?: string };
const KIND = "trace";

/** What people say about traces and spans. The trace may still be on its way, so it is not looked up. */
export const createTraceComments = (comments: Comments) => ({
  async list(scope: Scope, { traceId, spanId, ...page }: Place & { limit: number; cursor?: string }) {
    const { items, nextCursor } = await comments.list(scope, { kind: KIND, id: traceId, part: spanId }, page);
    const counts = await comments.countByPart(scope, { kind: KIND, id: traceId });
    return {
      items: items.map(toComment),
      nextCursor,
      counts: counts.map(({ part, count }) => ({ spanId: part, count })),
    };
  },

  async count(scope: Scope, traceIds: readonly string[]) {
    const counts = await comments.countBySubject(scope, KIND, traceIds);
    return wholeList(counts.map(({ id, count }) => ({ traceId: id, count })));
  },

  create: async (scope: Scope, { traceId, spanId, text }: Required<Place> & { text: string }): Promise<Comment> => {
    const about = aboutOf(traceId, spanId);
    return toComment(await comments.create(scope, { kind: KIND, id: traceId, part: spanId }, { text, about }));
  },

  update: async (scope: Scope, commentId: string, text: string): Promise<Comment> =>
    toComment(await comments.update(scope, KIND, { commentId, text, aboutOf: async (...place) => aboutOf(...place) })),

  delete: (scope: Scope, commentId: string) => comments.delete(scope, KIND, commentId),
});

const aboutOf = (traceId: string, spanId: string): About => ({
  label: spanId === "" ? "a trace" : "a span",
  path: `/traces/${encodeURIComponent(traceId)}${spanId === "" ? "" : `?span=${encodeURIComponent(spanId)}`}`,
});

const toComment = ({ subjectId, part, ...entry }: CommentEntry): Comment => ({
  ...entry,
  traceId: subjectId,
  spanId: part,
});
