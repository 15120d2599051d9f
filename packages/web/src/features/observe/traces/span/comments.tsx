import { CommentThread } from "../../../../components/content/comment-thread.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { useMemberChoices } from "../../../system/choices/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { useCommentChanges, useComments } from "./use-comments.ts";

/** The comments on one span, or on the whole trace for "", and a field to add one. */
export function Comments({ traceId, spanId }: { traceId: string; spanId: string }) {
  const { can } = useProject();
  const people = useMemberChoices().data ?? [];
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
      people={people}
      canWrite={can("dashboards:write")}
      canRemoveAny={can("members:write")}
      create={(text) => create.mutateAsync({ spanId, text })}
      update={(commentId, text) => update.mutateAsync({ commentId, text })}
      remove={(commentId) => remove.mutateAsync(commentId)}
    />
  );
}
