import { SHADOW_ACTOR } from "../request/mirror-of.ts";
import type { Call } from "../request/read-call.ts";
import type { SpendLimits } from "../request/spend-limits.ts";
import type { SpanFacts } from "./build-span.ts";

type Settled = SpanFacts & {
  /** The number of the attempt that answered, over all requests of the call. */
  readonly attempt: number;
};

/** Charges the usage of an ended call: its limits, and the ledger. A call that no provider answered has nothing to charge. */
export function createSettleSpend({ record }: Pick<SpendLimits, "record">) {
  return function settleSpend(call: Call, { plan, target, log, result, usage, costUsd, attempt }: Settled): void {
    const { inputTokens, outputTokens } = usage;
    log.reservation?.settle({ inputTokens, outputTokens, costUsd, isCertain: result.status !== "error" });
    const hasSpent = log.isAnswered && (result.status === "ok" || inputTokens + outputTokens > 0);
    if (!hasSpent || target === null) return;
    const isHttp = target.kind === "http";
    record({
      projectId: call.scope.projectId,
      spanId: call.spanId,
      attempt,
      startedAt: call.startedAt,
      actor: call.mirrorOf ? SHADOW_ACTOR : call.scope.actor,
      userId: call.facts.userId || (call.scope.userId ?? ""),
      tags: call.facts.tags,
      endpoint: plan?.endpoint?.name ?? "",
      variant: plan?.assignment?.variant.name ?? "",
      connection: isHttp ? target.connection.slug : "local",
      provider: isHttp ? target.connection.preset : "local",
      model: result.response?.model || result.embeddings?.model || target.model,
      ...usage,
      costUsd,
    });
  };
}
