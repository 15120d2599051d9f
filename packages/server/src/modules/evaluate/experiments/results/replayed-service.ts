import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps } from "../run/deps.ts";
import { estimateItems, type ItemsToEstimate } from "../start/estimate-items.ts";
import { countReplayed } from "../stores/replayed-store.ts";

/** What replays need to know about their experiments. */
export const createReplayed = (deps: EvalDeps) => ({
  /** The estimate of an experiment over items that are stored nowhere. */
  estimate: (scope: Scope, work: ItemsToEstimate) => estimateItems(deps, scope, work),
  /** The divergences and decisions of runs. */
  count: (runIds: readonly string[]) => countReplayed(deps.db, runIds),
});
