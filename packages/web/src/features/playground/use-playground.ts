import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { explain } from "../../api.ts";
import { store, useStored } from "../../components/stored-state.ts";
import { useProject } from "../session/index.ts";
import { requestIn } from "./playground-hash.ts";
import {
  type ChatColumn,
  columnFrom,
  initialState,
  messagesFor,
  newId,
  type PlaygroundState,
  requestOf,
} from "./playground-state.ts";
import { EMPTY_RUN, type Run, runChat } from "./run-chat.ts";

/** The models and endpoints a request can name, chat models first come first. */
export function useCallableModels() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["callable-models", id],
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    staleTime: 60_000,
  });
}

const STORED_MS = 1_000;

/** The span of an answer, for what only the server knows: its price and its own clock. Asked for until it has been stored. */
export function useAnswerSpan(run: Run | undefined) {
  const { id, client } = useProject();
  const traceId = run?.traceId ?? "";
  return useQuery({
    queryKey: ["answer-span", id, traceId, run?.spanId],
    enabled: traceId !== "" && run?.state !== "running",
    staleTime: Number.POSITIVE_INFINITY,
    retry: 8,
    retryDelay: 700,
    async queryFn({ signal }) {
      // A span is stored within a second; asking before that is asking in vain.
      await new Promise((resolve) => setTimeout(resolve, STORED_MS));
      const { spans } = await client.call("GET /api/v1/traces/:traceId", { params: { traceId }, signal });
      const span = spans.find(({ spanId }) => spanId === run?.spanId) ?? spans[0];
      if (!span) throw new Error("The span is not stored yet.");
      return span;
    },
  });
}

const NO_RUNS: Readonly<Record<string, Run>> = {};

/** The columns, what they answered, and what can be done with them. Kept in this browser, by project. */
export function usePlayground(models: readonly string[]) {
  const project = useProject();
  const initial = useMemo(() => initialState(models), [models]);
  const key = `playground.${project.id}`;
  const [saved, save] = useStored<PlaygroundState | null>(key, null);
  const state = saved ?? initial;
  useLinkedRequest(key, state);
  const runner = useRuns(`${key}.runs`, project.client);

  const setColumns = (columns: readonly ChatColumn[]) => save({ ...state, columns });
  return {
    state,
    save,
    runs: runner.runs,
    stop: runner.stop,
    run(ids: readonly string[]) {
      for (const column of state.columns) {
        if (ids.includes(column.id))
          void runner.start(column.id, {
            request: requestOf(column, messagesFor(state, column)),
            isStreamed: column.parameters.isStreamed,
          });
      }
    },
    changeColumn: (column: ChatColumn) =>
      setColumns(state.columns.map((other) => (other.id === column.id ? column : other))),
    addColumn(column: ChatColumn) {
      setColumns([...state.columns, { ...column, id: newId() }]);
    },
    removeColumn(id: string) {
      runner.stop(id);
      setColumns(state.columns.filter((column) => column.id !== id));
    },
    /** One prompt for all columns, or one for each; nothing that was written is lost on the way. */
    setShared(isShared: boolean) {
      const [first] = state.columns;
      if (isShared) save({ ...state, isShared, messages: first?.messages ?? state.messages });
      else
        save({ ...state, isShared, columns: state.columns.map((column) => ({ ...column, messages: state.messages })) });
    },
  };
}
export type Playground = ReturnType<typeof usePlayground>;

/** A request in the address becomes the first column, once; the address is then cleaned, so that a reload does not undo edits. */
function useLinkedRequest(key: string, state: PlaygroundState) {
  const latest = useRef(state);
  latest.current = state;
  useEffect(() => {
    const request = requestIn(location.hash);
    if (!request) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    const column = columnFrom(request);
    const others = latest.current.columns
      .slice(1)
      .map((other) => ({ ...other, messages: column.messages, extra: column.extra }));
    store(key, { isShared: true, messages: column.messages, columns: [column, ...others] });
  }, [key]);
}

type Start = { request: Readonly<Record<string, unknown>>; isStreamed: boolean };

/** The answers by column. Pieces are shown once a frame; a finished answer is kept in this browser. */
function useRuns(key: string, client: Parameters<typeof runChat>[0]["client"]) {
  const [kept, keep] = useStored(key, NO_RUNS);
  const [moving, setMoving] = useState(NO_RUNS);
  const stops = useRef(new Map<string, AbortController>());
  const latest = useRef(kept);
  latest.current = kept;
  useEffect(
    () => () => {
      for (const stop of stops.current.values()) stop.abort();
    },
    [],
  );
  const show = (id: string, run: Run) => setMoving((runs) => ({ ...runs, [id]: run }));

  async function start(id: string, { request, isStreamed }: Start) {
    stops.current.get(id)?.abort();
    const stop = new AbortController();
    stops.current.set(id, stop);
    let run: Run = EMPTY_RUN;
    let frame = 0;
    show(id, run);
    try {
      for await (run of runChat({ client, request, isStreamed, signal: stop.signal })) {
        const now = run;
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => show(id, now));
      }
    } catch (error) {
      run = stop.signal.aborted ? { ...run, state: "stopped" } : { ...run, state: "failed", error: explain(error) };
    }
    cancelAnimationFrame(frame);
    if (stops.current.get(id) !== stop) return;
    show(id, run);
    keep({ ...latest.current, [id]: run });
  }
  return { runs: { ...kept, ...moving }, start, stop: (id: string) => stops.current.get(id)?.abort() };
}
