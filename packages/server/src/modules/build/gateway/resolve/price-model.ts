import type { Prices } from "./prices.ts";
import type { ModelResolver } from "./resolve-model.ts";

type Deps = { readonly resolver: ModelResolver; readonly prices: Prices };
type Volume = { readonly model: string; readonly inputTokens: number; readonly outputTokens: number };

/** The cost of that many tokens with the first model of a request; null when no table has its price. Throws `not_found`. */
export const createPricing =
  ({ resolver, prices }: Deps) =>
  async (projectId: string, { model, inputTokens, outputTokens }: Volume): Promise<number | null> => {
    const plan = await resolver.plan(projectId, model);
    const [target] = plan.targets;
    if (target.kind === "local") return 0;
    const usage = { inputTokens, outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
    return prices.cost(projectId, { provider: target.connection.preset, model: target.model, usage });
  };
