import { CommentThread } from "../../../../components/content/comment-thread.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useMemberChoices } from "../../../system/choices/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { useCommentChanges } from "../shared/use-prompt-changes.ts";
import { type Prompt, usePromptComments } from "../shared/use-prompts.ts";

/** The number of loaded comments. */
export function useCommentTotal(name: string): number {
  const { data } = usePromptComments(name);
  return data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0;
}

/** Comments on a prompt and its versions, oldest first. A new comment refers to the shown version. */
export function PromptComments({ prompt, version }: { prompt: Prompt; version: number }) {
  const { can } = useProject();
  const people = useMemberChoices().data ?? [];
  const list = usePromptComments(prompt.name);
  const { create, update, remove } = useCommentChanges(prompt.name);
  if (!list.data)
    return list.error ? (
      <ErrorState error={list.error} retry={() => list.refetch()} title="The comments could not be loaded" />
    ) : (
      <Skeleton className="h-20 w-full" />
    );
  const comments = list.data.pages
    .flatMap((page) => page.items)
    .map((comment) => ({
      ...comment,
      about: comment.version === null ? "on the prompt" : `on v${comment.version}`,
    }));
  return (
    <div className="flex max-w-170 flex-col gap-3">
      <CommentThread
        comments={comments}
        label={`Comment on version ${version}`}
        people={people}
        canWrite={can("prompts:write")}
        canRemoveAny={can("members:write")}
        create={(text) => create.mutateAsync({ version, text })}
        update={(commentId, text) => update.mutateAsync({ commentId, text })}
        remove={(commentId) => remove.mutateAsync(commentId)}
      />
      <MoreRows list={list} />
    </div>
  );
}
