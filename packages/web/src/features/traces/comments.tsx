import { Pencil, Trash2 } from "lucide-react";
import { type KeyboardEvent, lazy, Suspense, useState } from "react";
import { explain } from "../../api.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { GrowingText } from "../../components/growing-text.tsx";
import { isMac } from "../../components/keys.ts";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { type Comment, useCommentChanges, useComments } from "./use-comments.ts";

const Markdown = lazy(() => import("../../components/markdown.tsx").then((module) => ({ default: module.Markdown })));

/** What people said of one span, or of the whole trace for "", and a field to say more. */
export function Comments({ traceId, spanId }: { traceId: string; spanId: string }) {
  const { can } = useProject();
  const comments = useComments(traceId);
  const { create } = useCommentChanges(traceId);
  if (comments.error && !comments.data)
    return (
      <ErrorState error={comments.error} retry={() => comments.refetch()} title="The comments could not be loaded" />
    );
  if (!comments.data) return <Skeleton className="h-20 w-full" />;
  const shown = comments.data.items.filter((comment) => comment.spanId === spanId);
  return (
    <>
      {shown.length > 0 && (
        <ol aria-label="Comments" className="flex flex-col gap-3">
          {shown.map((comment) => (
            <CommentItem key={comment.id} comment={comment} />
          ))}
        </ol>
      )}
      {can("boards:write") ? (
        <CommentForm
          label={spanId === "" ? "Comment on this trace" : "Comment on this span"}
          submit="Comment"
          initial=""
          error={create.error}
          isBusy={create.isPending}
          save={(text) => create.mutateAsync({ spanId, text })}
        />
      ) : (
        shown.length === 0 && <p className="text-muted">No comments yet.</p>
      )}
    </>
  );
}

function CommentItem({ comment }: { comment: Comment }) {
  const { can } = useProject();
  const { update, remove } = useCommentChanges(comment.traceId);
  const [isEdited, setIsEdited] = useState(false);
  const [isAsked, setIsAsked] = useState(false);
  return (
    <li className="card px-3 py-2">
      <p className="flex items-center gap-2 text-xs">
        <span className="font-medium">{comment.author.name}</span>
        <AgoCell iso={comment.createdAt} />
        {comment.editedAt && <span className="text-muted">edited</span>}
        <span className="ml-auto flex">
          {comment.isOwn && can("boards:write") && (
            <IconButton label="Edit this comment" size="small" onClick={() => setIsEdited(!isEdited)}>
              <Pencil size={13} />
            </IconButton>
          )}
          {(comment.isOwn || can("members:write")) && can("boards:write") && (
            <IconButton label="Delete this comment" size="small" onClick={() => setIsAsked(true)}>
              <Trash2 size={13} />
            </IconButton>
          )}
        </span>
      </p>
      {isEdited ? (
        <CommentForm
          label="Text of the comment"
          submit="Save"
          initial={comment.text}
          error={update.error}
          isBusy={update.isPending}
          save={async (text) => {
            await update.mutateAsync({ commentId: comment.id, text });
            setIsEdited(false);
          }}
          cancel={() => setIsEdited(false)}
        />
      ) : (
        <div className="mt-1 break-words [overflow-wrap:anywhere]">
          <Suspense fallback={<p className="whitespace-pre-wrap">{comment.text}</p>}>
            <Markdown text={comment.text} />
          </Suspense>
        </div>
      )}
      {isAsked && (
        <ConfirmDialog
          title="Delete this comment?"
          verb="Delete"
          isBusy={remove.isPending}
          close={() => setIsAsked(false)}
          onConfirm={() => remove.mutate(comment.id, { onSettled: () => setIsAsked(false) })}
        >
          “{comment.text.slice(0, 120)}” will be gone for everybody.
        </ConfirmDialog>
      )}
    </li>
  );
}

type FormProps = {
  label: string;
  submit: string;
  initial: string;
  error: unknown;
  isBusy: boolean;
  save: (text: string) => Promise<unknown>;
  cancel?: () => void;
};

function CommentForm({ label, submit, initial, error, isBusy, save, cancel }: FormProps) {
  const [text, setText] = useState(initial);
  const isEmpty = text.trim() === "";
  async function send() {
    if (isEmpty || isBusy) return;
    try {
      await save(text);
      setText("");
    } catch {
      // The mutation keeps the error, and the text stays in the field.
    }
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void send();
  }
  return (
    <div className="flex flex-col gap-2">
      <GrowingText
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={20_000}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="min-h-16"
      />
      {Boolean(error) && (
        <p role="alert" className="text-xs text-bad">
          {explain(error)}
        </p>
      )}
      <div className="flex items-center gap-2">
        <Button kind="primary" isBusy={isBusy} disabled={isEmpty} onClick={send}>
          {submit}
        </Button>
        {cancel && <Button onClick={cancel}>Cancel</Button>}
        <span className="text-xs text-muted">Markdown. {isMac ? "⌘" : "Ctrl"} and Enter sends it.</span>
      </div>
    </div>
  );
}
