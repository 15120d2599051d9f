import type { ChatRequest } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { TryFailure } from "./try-failure.ts";

/** The most that a model takes, as far as it has refused more, until when that is believed. `null` for what it has not refused yet. */
type Limits = {
  /** Of the effort: `high`, or `none` where it takes no word at all. */
  readonly effort: "high" | "none" | null;
  /** So many tokens of an answer are too many. */
  readonly tokens: number | null;
  readonly until: number;
};
type Fitted = { readonly request: ChatRequest; readonly warnings: readonly string[] };

/** What is above the highest effort that every model takes which takes any. */
const ABOVE_HIGH = new Set(["xhigh", "max"]);
const NAMES_EFFORT = /reasoning[_ .]?effort|unrecognized request argument supplied: reasoning\b/i;
const NAMES_TOKENS = /max_(completion_|output_|new_)?tokens|\d in the completion/i;
const SAYS_TOO_MANY = /too (large|big|high|many)|at most|maximum|exceed|less than|greater than|must be <|larger than/i;
/** A provider may learn to take more, so that it is tried again now and then. */
const BELIEVED_MS = 60 * 60_000;
const MOST_MODELS = 10_000;
const UNKNOWN: Limits = { effort: null, tokens: null, until: 0 };

/**
 * What models refuse of requests that were written for others: how hard to think, and room for longer answers than they can give. Which model takes what
 * changes from month to month, so no list is kept: what is refused is lowered or left out, and remembered for an hour.
 */
export function createModelLimits(clock: Pick<Clock, "now">) {
  const known = new Map<string, Limits>();
  const limitsOf = (model: string): Limits => {
    const found = known.get(model);
    return found && found.until >= clock.now() ? found : UNKNOWN;
  };

  return {
    /** The request as the model takes it, as far as that is known. `model` names it among all connections. */
    fit(model: string, request: ChatRequest): Fitted {
      const limits = limitsOf(model);
      if (limits === UNKNOWN) return { request, warnings: [] };
      const effort = withEffort(limits, request);
      const tokens = withTokens(limits, effort.request);
      return { request: tokens.request, warnings: [...effort.warnings, ...tokens.warnings] };
    },

    /** Whether it was one of these that was refused, so that the same may be asked again with less. `sent` is what was asked. */
    learn(model: string, sent: ChatRequest, { status, message }: TryFailure): boolean {
      if (status !== 400 && status !== 422) return false;
      const { reasoning_effort: effort, max_tokens: tokens } = sent;
      const before = limitsOf(model);
      let after = before;
      if (typeof effort === "string" && NAMES_EFFORT.test(message))
        after = { ...after, effort: ABOVE_HIGH.has(effort) ? "high" : "none" };
      if (typeof tokens === "number" && NAMES_TOKENS.test(message) && SAYS_TOO_MANY.test(message))
        after = { ...after, tokens };
      if (after === before) return false;
      if (known.size >= MOST_MODELS) known.clear();
      known.set(model, { ...after, until: clock.now() + BELIEVED_MS });
      return true;
    },
  };
}
export type ModelLimits = ReturnType<typeof createModelLimits>;

function withEffort({ effort: limit }: Limits, request: ChatRequest): Fitted {
  const { reasoning_effort: effort, ...rest } = request;
  const isFine = limit === null || typeof effort !== "string" || (limit === "high" && !ABOVE_HIGH.has(effort));
  if (isFine) return { request, warnings: [] };
  if (limit === "none")
    return { request: rest, warnings: ["`reasoning_effort` was left out: the provider refuses it for this model."] };
  const why = `the provider refuses ${String(effort)} for this model.`;
  return {
    request: { ...rest, reasoning_effort: limit },
    warnings: [`\`reasoning_effort\` was lowered to ${limit}: ${why}`],
  };
}

function withTokens({ tokens: limit }: Limits, request: ChatRequest): Fitted {
  const { max_tokens: tokens, ...rest } = request;
  if (limit === null || typeof tokens !== "number" || tokens < limit) return { request, warnings: [] };
  return { request: rest, warnings: [`\`max_tokens\` was left out: the provider refuses ${tokens} for this model.`] };
}
