import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { formatCount, formatDuration, formatMoney, formatNumberOf } from "../../components/format.ts";
import { EmptyState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { type Call, conversationOf, type Turn } from "./conversation.ts";
import { MessageItem } from "./message-view.tsx";
import { KindIcon } from "./span-kind.tsx";
import type { TraceModel } from "./trace-model.ts";
import { spanQuery } from "./use-trace.ts";
import type { TreeState } from "./use-tree-state.ts";

/** Calls are read this many at a time: each is asked for whole, since only its payload says what was new in it. */
const AT_ONCE = 40;

/** What was said in a trace, in order and once, whoever said it to whom. */
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
      <EmptyState title="No model was called in this trace">
        A conversation is made of the messages of generations, and this trace has none.
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
          {formatCount(failed)} of the calls could not be loaded.
        </p>
      )}
      {waiting > 0 && <Skeleton className="mx-auto mt-4 h-24 max-w-220" />}
      {places.length > count && waiting === 0 && (
        <div className="mt-4 flex justify-center">
          <Button onClick={() => setCount(count + AT_ONCE)}>
            {formatCount(Math.min(AT_ONCE, places.length - count))} more of {formatCount(places.length - count)} calls
          </Button>
        </div>
      )}
    </section>
  );
}

/** Calls of models in the order they began; a step that only holds another call of the same model is that call told twice. */
function generationsOf(model: TraceModel): readonly number[] {
  const places: number[] = [];
  for (let place = 0; place < model.count; place += 1) {
    const isTold = model.kinds[place + 1] === "generation" && (model.parent[place + 1] ?? -1) === place;
    if (model.kinds[place] === "generation" && !isTold) places.push(place);
  }
  return places.sort((a, b) => (model.start[a] ?? 0) - (model.start[b] ?? 0));
}

/** The calls up to the first one that is still on its way, so that nothing is put before what is already read. */
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
            <span title="Sent along again; they are shown where they were said first">
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
          <li className="px-3 py-2 text-muted">{isFailed ? "No answer came." : "Nothing new was said."}</li>
        )}
      </ol>
    </li>
  );
}
