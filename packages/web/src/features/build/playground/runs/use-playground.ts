import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { explain } from "../../../../api.ts";
import { store, useStored } from "../../../../components/browser/stored-state.ts";
import { toastDone, toastFailed } from "../../../../components/feedback/toast.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useColumnPrompts, useRows } from "../state/playground-data.ts";
import { requestIn } from "../state/playground-hash.ts";
import {
  type ChatColumn,
  initialState,
  messagesFor,
  newId,
  type PlaygroundState,
  problemOf,
  requestOf,
} from "../state/playground-state.ts";
import { columnFrom } from "../state/read-request.ts";
import type { Row } from "../state/row-inputs.ts";
import { sharedStateIn } from "../state/share-link.ts";
import { inputFields, inputNames, keyOf, mappingOf, type Plan, planRun } from "./plan-runs.ts";
import type { Run } from "./run-chat.ts";
import { type Ask, createRuns, type Runs, type RunsStore } from "./runs-store.ts";

const NO_RUNS: Runs = {};
const AT_ONCE = 8;

/** The columns, what they answered, and what can be done with them. Kept in this browser, by project. */
export function usePlayground(models: readonly string[]) {
  const project = useProject();
  const initial = useMemo(() => initialState(models), [models]);
  const key = `playground.${project.id}`;
  const [saved, save] = useStored<PlaygroundState | null>(key, null);
  const state = saved ?? initial;
  useLinkedState(key, state);
  const runs = useRunsStore(`${key}.runs`);
  const promptOf = useColumnPrompts(state.columns);
  const answer = useRows(state.rows);
  const plan: Plan = { state, rows: state.rows ? answer.rows : [], versionOf: (column) => promptOf(column)?.version };
  const { atOnce = AT_ONCE } = state.rows ?? {};
  useEffect(() => runs.setAtOnce(atOnce), [runs, atOnce]);

  const problemFor = (column: ChatColumn) => {
    const prompt = promptOf(column);
    if (prompt?.error) return explain(prompt.error);
    if (prompt && !prompt.version) return "The prompt is loading.";
    if (prompt?.version && !prompt.version.model && !column.model) return "The prompt names no model. Choose one.";
    return problemOf(column, messagesFor(state, column));
  };
  /** Every pair of a column that can run and a row, row by row, so that the first rows are whole first. */
  const cells = (columns: readonly ChatColumn[]): readonly (readonly [ChatColumn, Row | undefined])[] => {
    const ready = columns.filter((column) => !problemFor(column));
    if (!state.rows) return ready.map((column) => [column, undefined]);
    return plan.rows.flatMap((row) => ready.map((column) => [column, row] as const));
  };
  /** Answers belong to column ids, so an unedited page is stored before its first run. */
  function start(asks: readonly Ask[]) {
    if (saved === null) save(state);
    runs.start(asks);
  }
  return {
    state,
    save,
    runs,
    plan,
    rowsAnswer: answer,
    promptOf,
    problemFor,
    fields: inputFields(plan),
    mapping: state.rows ? mappingOf(plan) : {},
    namesOf: (column: ChatColumn) => inputNames(plan, column),
    askOf: (column: ChatColumn, row?: Row) => planRun(plan, column, row),
    /** The request of a column as a program would send it, with what was typed for the inputs of a stored prompt. */
    codeOf(column: ChatColumn) {
      const request = requestOf(column, messagesFor(state, column));
      return column.prompt
        ? { ...request, prompt: { ...column.prompt, inputs: planRun(plan, column).inputs } }
        : request;
    },
    /** Runs columns over everything, or one cell. */
    run: (columns: readonly ChatColumn[]) => start(cells(columns).map(([column, row]) => planRun(plan, column, row))),
    /** Runs the requests that are given. */
    start,
    /** The cells without a current answer: never run, failed, stopped or outdated. */
    rest: () =>
      cells(state.columns)
        .map(([column, row]) => planRun(plan, column, row))
        .filter(({ key: cell, askedOf }) => {
          const run = runs.all()[cell];
          return run?.state !== "done" || (run.askedOf !== undefined && run.askedOf !== askedOf);
        }),
    ...editsOf({ state, save, runs }),
    keyOf: (column: ChatColumn, row?: Row) => keyOf(state, column, row),
  };
}
export type Playground = ReturnType<typeof usePlayground>;

type Page = {
  readonly state: PlaygroundState;
  readonly save: (state: PlaygroundState) => void;
  readonly runs: RunsStore;
};

/** What people change on the page. */
function editsOf({ state, save, runs }: Page) {
  const setColumns = (columns: readonly ChatColumn[]) => save({ ...state, columns });
  const keysOf = ({ id }: ChatColumn) =>
    Object.keys(runs.all()).filter((known) => known === id || known.startsWith(`${id} `));
  return {
    stopColumn: (column: ChatColumn) => {
      for (const cell of keysOf(column)) runs.stop(cell);
    },
    changeColumn: (column: ChatColumn) =>
      setColumns(state.columns.map((other) => (other.id === column.id ? column : other))),
    addColumns: (columns: readonly ChatColumn[]) =>
      setColumns([...state.columns, ...columns.map((column) => ({ ...column, id: newId() }))]),
    removeColumn(column: ChatColumn) {
      runs.forget(keysOf(column));
      setColumns(state.columns.filter(({ id }) => id !== column.id));
      toastDone("Removed the column", { label: "Undo", run: () => save(state) });
    },
    setShared: (isShared: boolean) => save(withShared(state, isShared)),
  };
}

/** One prompt for all columns, or one for each; nothing that was written is lost on the way. */
function withShared(state: PlaygroundState, isShared: boolean): PlaygroundState {
  const [first] = state.columns;
  if (isShared) return { ...state, isShared, messages: first?.messages ?? state.messages };
  return { ...state, isShared, columns: state.columns.map((column) => ({ ...column, messages: state.messages })) };
}

/**
 * A request in the address becomes the first column, a shared state the whole page, once; the address is then cleaned,
 * so that a reload does not undo edits.
 */
function useLinkedState(key: string, state: PlaygroundState) {
  const latest = useRef(state);
  latest.current = state;
  useEffect(() => {
    const { hash } = location;
    const request = requestIn(hash);
    const clean = () => history.replaceState(history.state, "", location.pathname + location.search);
    const open = (next: PlaygroundState, words: string) => {
      const before = latest.current;
      store(key, next);
      toastDone(words, { label: "Undo", run: () => store(key, before) });
    };
    if (request) {
      clean();
      const column = columnFrom(request);
      const others = latest.current.columns
        .slice(1)
        .map((other) => ({ ...other, messages: column.messages, extra: column.extra, tools: column.tools }));
      store(key, {
        ...latest.current,
        isShared: true,
        rows: null,
        messages: column.messages,
        columns: [column, ...others],
      });
    }
    void sharedStateIn(hash).then(
      (shared) => {
        if (!shared) return;
        clean();
        open(shared, "Opened the shared playground");
      },
      (error: unknown) => {
        clean();
        toastFailed("The link could not be opened", explain(error));
      },
    );
  }, [key]);
}

/** The answers of this project's playground. What still runs ends when the page is left. */
function useRunsStore(key: string): RunsStore {
  const { client, can } = useProject();
  const [kept, keep] = useStored(key, NO_RUNS);
  const canReadTraces = can("traces:read");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is kept is read once; from then on the store has it.
  const runs = useMemo(() => createRuns({ client, canReadTraces, kept, keep }), [key, client, canReadTraces]);
  useEffect(() => () => runs.stopAll(), [runs]);
  return runs;
}

/** One answer, rendered again when it changes. */
export const useRun = (runs: RunsStore, key: string): Run | undefined =>
  useSyncExternalStore(runs.subscribe, () => runs.all()[key]);

/** Every answer; for sums and progress. */
export const useAllRuns = (runs: RunsStore): Runs => useSyncExternalStore(runs.subscribe, runs.all);
