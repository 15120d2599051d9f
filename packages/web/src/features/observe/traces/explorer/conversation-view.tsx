import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { EmptyState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { formatCount, formatDuration, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { MessageItem } from "../content/message-view.tsx";
import type { TraceModel } from "../model/trace-model.ts";
import { spanQuery } from "../model/use-trace.ts";
import { KindIcon } from "../span/span-kind.tsx";
import type { TreeState } from "../tree/use-tree-state.ts";
import { type Call, conversationOf, type Turn } from "./conversation.ts";

/** The number of calls to load in one step. Each is loaded with its payload, which has the new messages. */
const AT_ONCE = 40;

/** All messages of a trace, in order and without repetition. */
export function ConversationView({ traceId, tree }: { traceId: string; tree: TreeState }) {
  const { model } = tree;
  const places = useMemo(() => generationsOf(model), [model]);
  const [count, setCount] = useState(AT_ONCE);
  const shown = places.slice(0, count);
  const { calls, waiting, failed } = useCalls(
    traceId,
    shown.map((place) => model.ids[place] ?? ""),
  );
  const turns = useMemo(() => conversationOf(calls), [calls]);
  if (places.length === 0)
    return (
      <EmptyState title="No model calls in this trace">
        A conversation shows the messages of model calls. This trace has none.
      </EmptyState>
    );
  const threads = new Set(turns.map(({ thread }) => thread)).size;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable to be scrolled by keyboard.
      tabIndex={0}
      aria-label="Conversation"
      aria-busy={waiting > 0 || undefined}
      className="min-h-0 grow overflow-y-auto p-4 focus-visible:-outline-offset-2"
    >
      <ol className="mx-auto flex max-w-220 flex-col gap-4">
        {turns.map((turn) => (
          <TurnItem key={turn.spanId} turn={turn} tree={tree} isNumbered={threads > 1} />
        ))}
      </ol>
      {failed > 0 && (
        <p role="alert" className="mt-4 text-center text-bad">
          {formatNumberOf(failed, "call")} could not be loaded.
        </p>
      )}
      {waiting > 0 && <Skeleton className="mx-auto mt-4 h-24 max-w-220" />}
      {places.length > count && waiting === 0 && (
        <div className="mt-4 flex justify-center">
          <Button onClick={() => setCount(count + AT_ONCE)}>
            Show {formatCount(Math.min(AT_ONCE, places.length - count))} of {formatCount(places.length - count)} more
            calls
          </Button>
        </div>
      )}
    </section>
  );
}

/** Calls of models in the order they began; a step that only wraps a call of the same model is a duplicate. */
function generationsOf(model: TraceModel): readonly number[] {
  const places: number[] = [];
  for (let place = 0; place < model.count; place += 1) {
    const isTold = model.kinds[place + 1] === "generation" && (model.parent[place + 1] ?? -1) === place;
    if (model.kinds[place] === "generation" && !isTold) places.push(place);
  }
  return places.sort((a, b) => (model.start[a] ?? 0) - (model.start[b] ?? 0));
}

/**
 * The calls up to the first one that is still loading, so that nothing is inserted before text that was already read.
 */
function useCalls(traceId: string, spanIds: readonly string[]) {
  const { id, client } = useProject();
  return useQueries({
    queries: spanIds.map((spanId) => spanQuery(client, id, { traceId, spanId })),
    combine(results) {
      const calls: Call[] = [];
      for (const { data, isError } of results) {
        if (data) calls.push({ spanId: data.spanId, input: data.input, output: data.output });
        else if (!isError) break;
      }
      const failed = results.filter(({ isError }) => isError).length;
      return { calls, failed, waiting: results.length - failed - results.filter(({ data }) => data).length };
    },
  });
}

function TurnItem({ turn, tree, isNumbered }: { turn: Turn; tree: TreeState; isNumbered: boolean }) {
  const { model, open } = tree;
  const place = model.placeOf(turn.spanId);
  const isFailed = model.statuses[place] === "error";
  const above = model.parent[place] ?? -1;
  return (
    <li className="[contain-intrinsic-size:auto_160px] [content-visibility:auto]">
      <button
        type="button"
        aria-current={place === open || undefined}
        onClick={() => tree.show(place)}
        className="num mb-1 flex w-full flex-wrap items-center gap-x-2 rounded-control px-1 text-left text-xs text-muted hover:text-text aria-[current]:bg-accent-soft"
      >
        <KindIcon kind="generation" size={12} />
        <span className="max-w-[70%] truncate font-medium text-text" title={model.models[place]}>
          {model.models[place] || model.names[place]}
        </span>
        {above >= 0 && <span className="truncate">in {model.names[above]}</span>}
        {isNumbered && <span>conversation {turn.thread + 1}</span>}
        {isFailed && <span className="font-medium text-bad">failed</span>}
        <span className="ml-auto flex gap-2">
          {turn.repeated > 0 && (
            <span title="These messages were sent again. They are shown where they first appear.">
              after {formatNumberOf(turn.repeated, "earlier message")}
            </span>
          )}
          <span>{formatDuration(model.duration[place] ?? 0)}</span>
          {(model.sums.priced[place] ?? 0) > 0 && <span>{formatMoney(model.sums.costUsd[place] ?? 0)}</span>}
        </span>
      </button>
      <ol className="card divide-y divide-line">
        {turn.messages.map(({ message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a finished span never move.
          <MessageItem key={index} message={message} />
        ))}
        {turn.messages.length === 0 && (
          <li className="px-3 py-2 text-muted">{isFailed ? "No answer." : "No new messages."}</li>
        )}
      </ol>
    </li>
  );
}
