import { CommentThread } from "../../../components/content/comment-thread.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useMemberChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { useCommentChanges, useIssueComments } from "./use-issues.ts";

/** What people say about the issue. */
export function IssueDiscussion({ issueId, canWrite }: { issueId: string; canWrite: boolean }) {
  const list = useIssueComments(issueId);
  const people = useMemberChoices().data ?? [];
  const { create, update, remove } = useCommentChanges(issueId);
  const canRemoveAny = useProject().can("members:write");
  return (
    <Section title="Comments">
      <div className="flex flex-col gap-3 px-4 pb-4">
        {list.error ? (
          <ErrorState error={list.error} retry={() => list.refetch()} />
        ) : list.data ? (
          <CommentThread
            comments={list.data.items}
            label="New comment"
            people={people}
            canWrite={canWrite}
            canRemoveAny={canRemoveAny}
            create={(text) => create.mutateAsync(text)}
            update={(commentId, text) => update.mutateAsync({ commentId, text })}
            remove={(commentId) => remove.mutateAsync(commentId)}
          />
        ) : (
          <Skeleton className="h-16 w-full" />
        )}
      </div>
    </Section>
  );
}
