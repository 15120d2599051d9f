import type { ModelPull } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";

const MOST_KEPT = 100;

type Pull = { view: ModelPull; readonly controller: AbortController };
export type PullWatch = {
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
  readonly onProgress: (receivedBytes: number, totalBytes: number | null) => void;
};
type Work = { readonly source: string; readonly modelId: string; readonly run: (watch: PullWatch) => Promise<void> };

/** The downloads of this run of the server: what each is doing, and a way to stop it. */
export function createPulls(clock: Clock) {
  const pulls = new Map<string, Pull>();
  const now = () => new Date(clock.now()).toISOString();
  const find = (pullId: string): Pull => {
    const pull = pulls.get(pullId);
    if (!pull) throw notFound("model pull", pullId);
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
      const message = error instanceof Error ? error.message : String(error);
      set({
        state: isCancelled ? "cancelled" : "failed",
        step: isCancelled ? "cancelled" : "failed",
        error: isCancelled ? null : message,
        endedAt: now(),
      });
    }
  }

  return {
    list: (): ModelPull[] => [...pulls.values()].map(({ view }) => view).toReversed(),
    get: (pullId: string): ModelPull => find(pullId).view,
    running: (modelId: string): ModelPull | undefined =>
      [...pulls.values()].map(({ view }) => view).find((view) => view.state === "running" && view.modelId === modelId),
    start({ source, modelId, run }: Work): ModelPull {
      for (const id of pulls.keys()) {
        if (pulls.size < MOST_KEPT) break;
        if (pulls.get(id)?.view.state !== "running") pulls.delete(id);
      }
      const view: ModelPull = {
        id: newId("pull", clock.now()),
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
      const pull: Pull = { view, controller: new AbortController() };
      pulls.set(view.id, pull);
      void follow(pull, run);
      return view;
    },
    /** What has arrived is kept. One that has ended stays as it is. */
    cancel(pullId: string): ModelPull {
      const pull = find(pullId);
      if (pull.view.state === "running") {
        pull.view = { ...pull.view, step: "stopping" };
        pull.controller.abort();
      }
      return pull.view;
    },
  };
}
