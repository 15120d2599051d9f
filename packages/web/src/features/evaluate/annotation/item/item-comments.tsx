import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { useProject } from "../../../system/session/index.ts";

function useItemComments(itemId: string) {
  const { id, client } = useProject();
  const cache = useQueryClient();
  const queryKey = ["annotation", id, "comments", itemId];
  const list = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/annotation-items/:itemId/comments", {
        params: { itemId },
        query: { limit: 100 },
        signal,
      }),
  });
  const create = useMutation({
    mutationFn: (text: string) =>
      client.call("POST /api/v1/annotation-items/:itemId/comments", { params: { itemId }, body: { text } }),
    onSuccess: () => cache.invalidateQueries({ queryKey }),
  });
  return { list, create };
}

/** The comments on an item, oldest first. */
export function ItemComments({ itemId, close }: { itemId: string; close: () => void }) {
  const { list, create } = useItemComments(itemId);
  const [text, setText] = useState("");
  const send = () => create.mutate(text, { onSuccess: () => setText("") });
  return (
    <Dialog title="Comments" close={close} description="Visible to everyone who works on this queue.">
      <div className="flex flex-col gap-3">
        {list.error ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The comments could not be loaded" />
        ) : !list.data ? (
          <Skeleton className="h-16" />
        ) : (
          list.data.items.length > 0 && (
            <ol aria-label="Comments" className="flex flex-col gap-2">
              {list.data.items.map((comment) => (
                <li key={comment.commentId} className="card px-3 py-2">
                  <p className="flex gap-2 text-xs">
                    <span className="font-medium">{comment.author.name}</span>
                    <AgoCell iso={comment.createdAt} />
                  </p>
                  <p className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">{comment.text}</p>
                </li>
              ))}
            </ol>
          )
        )}
        <GrowingText
          aria-label="Your comment"
          placeholder="What is unclear?"
          value={text}
          maxLength={20_000}
          autoFocus
          onChange={({ target }) => setText(target.value)}
          className="min-h-16"
        />
        <Failure text={create.error ? explain(create.error) : undefined} />
        <Button
          kind="primary"
          className="self-start"
          isBusy={create.isPending}
          disabled={text.trim() === ""}
          onClick={send}
        >
          Comment
        </Button>
      </div>
    </Dialog>
  );
}
