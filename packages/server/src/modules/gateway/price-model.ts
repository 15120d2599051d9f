import type { FinishDeps } from "./finish-call.ts";
import type { createModelResolver } from "./resolve-model.ts";

type Deps = Pick<FinishDeps, "prices"> & { readonly resolver: ReturnType<typeof createModelResolver> };
type Asked = { readonly model: string; readonly inputTokens: number; readonly outputTokens: number };

/** What tokens would cost with the model that a request names first; null when no table knows its price. Throws `not_found`. */
export const createPricing =
  ({ resolver, prices }: Deps) =>
  async (projectId: string, { model, inputTokens, outputTokens }: Asked): Promise<number | null> => {
    const plan = await resolver.plan(projectId, model, []);
    const [candidate] = plan.candidates;
    if (candidate.kind === "local") return 0;
    const usage = { inputTokens, outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
    return prices.cost(projectId, { provider: candidate.connection.preset, model: candidate.model, usage });
  };
