import { Pencil, Trash2 } from "lucide-react";
import { type KeyboardEvent, lazy, Suspense, useState } from "react";
import { explain } from "../../api.ts";
import { isMac } from "../browser/keys.ts";
import { Button, IconButton } from "../form/button.tsx";
import { ConfirmDialog } from "../overlay/confirm-dialog.tsx";
import { AgoCell } from "../table/cells.tsx";
import { MentionText } from "./mention-text.tsx";
import type { Person } from "./mentions.ts";

const Markdown = lazy(() => import("./markdown.tsx").then((module) => ({ default: module.Markdown })));

type Comment = {
  readonly commentId: string;
  readonly text: string;
  readonly author: { readonly name: string };
  readonly isOwn: boolean;
  readonly createdAt: string;
  readonly editedAt: string | null;
  /** The target of the comment, where a list mixes targets. */
  readonly about?: string;
};
type ThreadProps = {
  comments: readonly Comment[];
  /** The label of the field for a new comment. */
  label: string;
  canWrite: boolean;
  canRemoveAny: boolean;
  /** The members who can be mentioned. */
  people: readonly Person[];
  create: (text: string) => Promise<unknown>;
  update: (commentId: string, text: string) => Promise<unknown>;
  remove: (commentId: string) => Promise<unknown>;
};

/** Comments, oldest first, and a field to add one. */
export function CommentThread(props: ThreadProps) {
  const { comments, label, canWrite, people, create } = props;
  return (
    <>
      {comments.length > 0 && (
        <ol aria-label="Comments" className="flex flex-col gap-3">
          {comments.map((comment) => (
            <CommentItem key={comment.commentId} comment={comment} thread={props} />
          ))}
        </ol>
      )}
      {canWrite ? (
        <CommentForm label={label} submit="Comment" initial="" people={people} save={create} />
      ) : (
        comments.length === 0 && <p className="text-muted">No comments yet.</p>
      )}
    </>
  );
}

function CommentItem({ comment, thread }: { comment: Comment; thread: ThreadProps }) {
  const { canWrite, canRemoveAny, update, remove } = thread;
  const [isEdited, setIsEdited] = useState(false);
  const [isAsked, setIsAsked] = useState(false);
  const [isRemoving, setIsRemoving] = useState(false);
  async function confirm() {
    setIsRemoving(true);
    // The caller reports the error; the dialog only becomes ready for another attempt.
    await remove(comment.commentId).catch(() => undefined);
    setIsRemoving(false);
    setIsAsked(false);
  }
  return (
    <li className="card px-3 py-2">
      <p className="flex items-center gap-2 text-xs">
        <span className="font-medium">{comment.author.name}</span>
        {comment.about && <span className="text-muted">{comment.about}</span>}
        <AgoCell iso={comment.createdAt} />
        {comment.editedAt && <span className="text-muted">edited</span>}
        <span className="ml-auto flex">
          {comment.isOwn && canWrite && (
            <IconButton label="Edit comment" size="small" onClick={() => setIsEdited(!isEdited)}>
              <Pencil size={13} />
            </IconButton>
          )}
          {(comment.isOwn || canRemoveAny) && canWrite && (
            <IconButton label="Delete comment" size="small" onClick={() => setIsAsked(true)}>
              <Trash2 size={13} />
            </IconButton>
          )}
        </span>
      </p>
      {isEdited ? (
        <CommentForm
          label="Comment text"
          submit="Save"
          initial={comment.text}
          people={thread.people}
          save={async (text) => {
            await update(comment.commentId, text);
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
          isBusy={isRemoving}
          close={() => setIsAsked(false)}
          onConfirm={() => void confirm()}
        >
          This deletes “{comment.text.slice(0, 120)}” for everyone.
        </ConfirmDialog>
      )}
    </li>
  );
}

type FormProps = {
  label: string;
  submit: string;
  initial: string;
  people: readonly Person[];
  save: (text: string) => Promise<unknown>;
  cancel?: () => void;
};

function CommentForm({ label, submit, initial, people, save, cancel }: FormProps) {
  const [text, setText] = useState(initial);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const isEmpty = text.trim() === "";
  async function send() {
    if (isEmpty || isBusy) return;
    setIsBusy(true);
    setFailure(undefined);
    try {
      await save(text);
      setText("");
    } catch (error) {
      // The text stays in the field.
      setFailure(explain(error));
    } finally {
      setIsBusy(false);
    }
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void send();
  }
  return (
    <div className="flex flex-col gap-2">
      <MentionText
        people={people}
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={20_000}
        onValue={setText}
        onKeyDown={onKeyDown}
        className="min-h-16"
      />
      {failure && (
        <p role="alert" className="text-xs text-bad">
          {failure}
        </p>
      )}
      <div className="flex items-center gap-2">
        <Button kind="primary" isBusy={isBusy} disabled={isEmpty} onClick={send}>
          {submit}
        </Button>
        {cancel && <Button onClick={cancel}>Cancel</Button>}
        <span className="text-xs text-muted">
          Supports Markdown and @mentions. Press {isMac ? "⌘" : "Ctrl"}+Enter to send.
        </span>
      </div>
    </div>
  );
}
