import { CommentThread } from "../../components/comment-thread.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { useCommentChanges, useComments } from "./use-comments.ts";

/** What people said of one span, or of the whole trace for "", and a field to say more. */
export function Comments({ traceId, spanId }: { traceId: string; spanId: string }) {
  const { can } = useProject();
  const comments = useComments(traceId);
  const { create, update, remove } = useCommentChanges(traceId);
  if (comments.error && !comments.data)
    return (
      <ErrorState error={comments.error} retry={() => comments.refetch()} title="The comments could not be loaded" />
    );
  if (!comments.data) return <Skeleton className="h-20 w-full" />;
  return (
    <CommentThread
      comments={comments.data.items.filter((comment) => comment.spanId === spanId)}
      label={spanId === "" ? "Comment on this trace" : "Comment on this span"}
      canWrite={can("boards:write")}
      canRemoveAny={can("members:write")}
      create={(text) => create.mutateAsync({ spanId, text })}
      update={(commentId, text) => update.mutateAsync({ commentId, text })}
      remove={(commentId) => remove.mutateAsync(commentId)}
    />
  );
}
