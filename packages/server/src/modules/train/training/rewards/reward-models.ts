import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { openRewardModel, type RewardDeps, type RewardItem, type RewardProcess } from "./open-reward-model.ts";

/** `model` is `name@alias`, `name@v3` or a name alone. */
type RewardRequest = RewardItem & { readonly model: string };
/** `model` is the version that scored, such as `helpfulness@v3`. */
type RewardScore = { readonly reward: number; readonly tokens: number; readonly model: string };

type Waiting = {
  readonly item: RewardItem;
  readonly signal: AbortSignal;
  readonly resolve: (score: RewardScore) => void;
  readonly reject: (error: unknown) => void;
};
type Queue = {
  readonly scope: Scope;
  readonly versionId: string;
  readonly name: string;
  readonly waiting: Waiting[];
};

const MOST_IN_BATCH = 16;
/** Models in memory at the same time. */
const MOST_OPEN = 2;
const IDLE_MS = 120_000;

/**
 * Scores answers with reward models of the registry, each in a separate process that stays for a while. Requests for
 * one model form batches. One batch runs at a time, so that models share the machine and the least recently used one
 * can always be ended.
 */
export function createRewardModels(deps: RewardDeps, { idleMs = IDLE_MS }: { readonly idleMs?: number } = {}) {
  const queues = new Map<string, Queue>();
  const processes = createProcesses(deps, idleMs);
  let isBusy = false;

  async function drain(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let [queue] = queues.values(); queue; [queue] = queues.values()) {
      queues.delete(queue.versionId);
      const batch = queue.waiting.splice(0, MOST_IN_BATCH);
      // The others come first, then the rest of this one.
      if (queue.waiting.length > 0) queues.set(queue.versionId, queue);
      await scoreBatch(queue, batch);
    }
    isBusy = false;
  }

  async function scoreBatch(queue: Queue, all: readonly Waiting[]): Promise<void> {
    const batch = all.filter(({ signal }) => !signal.aborted);
    if (batch.length === 0) return;
    try {
      const scores = await processes.score(
        queue,
        batch.map(({ item }) => item),
      );
      for (const [place, { resolve, reject }] of batch.entries()) {
        const score = scores[place];
        if (score && "reward" in score) resolve({ ...score, model: queue.name });
        else reject(new AppError("unprocessable", { message: score?.error ?? "The reward model returned no result." }));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    /** Throws `unprocessable` for a model that cannot score this, and for a server without a trainer. */
    async score(scope: Scope, { model, ...item }: RewardRequest, signal: AbortSignal): Promise<RewardScore> {
      const { versionId, name } = await deps.registry.findReward(scope, model);
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<RewardScore>();
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      const queue = queues.get(versionId) ?? { scope, versionId, name, waiting: [] };
      queues.set(versionId, queue);
      queue.waiting.push({ item, signal, resolve, reject });
      void drain();
      return promise.finally(() => signal.removeEventListener("abort", leave));
    },
    /** Ends the processes. No request may be waiting. */
    close: () => processes.endAll(),
  };
}
export type RewardModels = ReturnType<typeof createRewardModels>;

type Kept = { readonly process: RewardProcess; timer: NodeJS.Timeout | null };

/** The processes by version, the one used longest ago first. */
function createProcesses(deps: RewardDeps, idleMs: number) {
  const models = new Map<string, Kept>();

  function drop(versionId: string): void {
    const one = models.get(versionId);
    if (one?.timer) clearTimeout(one.timer);
    one?.process.end();
    models.delete(versionId);
  }

  async function take({ scope, versionId, name }: Queue): Promise<Kept> {
    const there = models.get(versionId);
    if (there?.timer) clearTimeout(there.timer);
    models.delete(versionId);
    for (const oldest of models.keys()) if (models.size >= MOST_OPEN) drop(oldest);
    const one = there ?? { process: await openRewardModel(deps, scope, name), timer: null };
    models.set(versionId, one);
    return one;
  }

  return {
    async score(queue: Queue, items: readonly RewardItem[]) {
      const one = await take(queue);
      try {
        const scores = await one.process.score(items);
        one.timer = setTimeout(() => drop(queue.versionId), idleMs).unref();
        return scores;
      } catch (error) {
        drop(queue.versionId);
        throw error;
      }
    },
    endAll(): void {
      for (const versionId of [...models.keys()]) drop(versionId);
    },
  };
}
