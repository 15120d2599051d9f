import type { ModelPull } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { messageOf } from "../../../kernel/message-of.ts";

const MOST_KEPT = 100;

type Pull = { view: ModelPull; readonly projectId: string; readonly controller: AbortController };
export type PullWatch = {
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
  readonly onProgress: (receivedBytes: number, totalBytes: number | null) => void;
};
type Work = {
  readonly projectId: string;
  readonly source: string;
  readonly modelId: string;
  readonly run: (watch: PullWatch) => Promise<void>;
};

/** The downloads since the server started. Each belongs to the project that requested it and is invisible to others. */
export function createPulls(clock: Clock) {
  const pulls = new Map<string, Pull>();
  const now = () => new Date(clock.now()).toISOString();
  const find = (projectId: string, pullId: string): Pull => {
    const pull = pulls.get(pullId);
    if (pull?.projectId !== projectId) throw notFound("model pull", pullId);
    return pull;
  };

  async function follow(pull: Pull, run: Work["run"]) {
    const set = (changes: Partial<ModelPull>) => {
      pull.view = { ...pull.view, ...changes };
    };
    try {
      await run({
        signal: pull.controller.signal,
        onStep: (step) => set({ step }),
        onProgress: (receivedBytes, totalBytes) => set({ receivedBytes, totalBytes }),
      });
      set({ state: "done", step: "done", endedAt: now() });
    } catch (error) {
      const isCancelled = pull.controller.signal.aborted;
      const message = messageOf(error);
      set({
        state: isCancelled ? "cancelled" : "failed",
        step: isCancelled ? "cancelled" : "failed",
        error: isCancelled ? null : message,
        endedAt: now(),
      });
    }
  }

  return {
    /** Of all projects. It is never returned to a caller directly. */
    all: (): ModelPull[] => [...pulls.values()].map(({ view }) => view).toReversed(),
    list: (projectId: string): ModelPull[] =>
      [...pulls.values()]
        .filter((pull) => pull.projectId === projectId)
        .map(({ view }) => view)
        .toReversed(),
    get: (projectId: string, pullId: string): ModelPull => find(projectId, pullId).view,
    running: (modelId: string): { readonly projectId: string; readonly view: ModelPull } | undefined =>
      [...pulls.values()].find(({ view }) => view.state === "running" && view.modelId === modelId),
    start({ projectId, source, modelId, run }: Work): ModelPull {
      for (const id of pulls.keys()) {
        if (pulls.size < MOST_KEPT) break;
        if (pulls.get(id)?.view.state !== "running") pulls.delete(id);
      }
      const view: ModelPull = {
        pullId: newId("pull", clock.now()),
        source,
        modelId,
        state: "running",
        step: "starting",
        receivedBytes: 0,
        totalBytes: null,
        startedAt: now(),
        endedAt: null,
        error: null,
      };
      const pull: Pull = { view, projectId, controller: new AbortController() };
      pulls.set(view.pullId, pull);
      void follow(pull, run);
      return view;
    },
    /** The received part is stored. A finished pull does not change. */
    cancel(projectId: string, pullId: string): ModelPull {
      const pull = find(projectId, pullId);
      if (pull.view.state === "running") {
        pull.view = { ...pull.view, step: "stopping" };
        pull.controller.abort();
      }
      return pull.view;
    },
    /** For a stop of the server: each pull continues where it is when it is started again. */
    cancelAll() {
      for (const { view, controller } of pulls.values()) if (view.state === "running") controller.abort();
    },
  };
}
