import { CommentThread } from "../../components/comment-thread.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { useCommentChanges } from "./use-prompt-changes.ts";
import { type Prompt, usePromptComments } from "./use-prompts.ts";

/** How many comments are known of; a long thread says so when it is opened. */
export function useCommentTotal(name: string): number {
  const { data } = usePromptComments(name);
  return data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0;
}

/** What people said of a prompt and of its versions, oldest first; what is said here is said of the version shown. */
export function PromptComments({ prompt, version }: { prompt: Prompt; version: number }) {
  const { can } = useProject();
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
      id: comment.commentId,
      about: comment.version === null ? "on the prompt" : `on v${comment.version}`,
    }));
  return (
    <div className="flex max-w-170 flex-col gap-3">
      <CommentThread
        comments={comments}
        label={`Comment on version ${version}`}
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
