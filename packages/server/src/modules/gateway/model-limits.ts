import type { ChatRequest } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { TryFailure } from "./try-failure.ts";

/** What a model has refused, and until when that is believed. */
type Limits = {
  /** Words for the effort; others may be taken. */
  readonly efforts: ReadonlySet<string>;
  /** The longest answer that the provider itself says the model can give, in tokens. */
  readonly tokens: number;
  readonly until: number;
};
/** A request, and what was made less of it. */
export type Fitted = { readonly request: ChatRequest; readonly warnings: readonly string[] };

/** What is above the highest effort that nearly every model takes which takes any. */
const ABOVE_HIGH = new Set(["xhigh", "max"]);
const NAMES_EFFORT = /reasoning[_ .]?effort|unrecognized request argument supplied: reasoning\b/i;
const NAMES_TOKENS = /max_(completion_|output_|new_)?tokens|\d in the completion/i;
const SAYS_TOO_MANY = /too (large|big|high|many)|at most|maximum|exceeds|less than/i;
const SAYS_HOW_MANY = /(?:at most|up to|less than or equal to|<=|≤|\[\s*[01]\s*,)\s*[`'"]?(\d{2,9})\b/i;
/** A provider may learn to take more, so that it is tried again now and then. */
const BELIEVED_MS = 60 * 60_000;
const MOST_MODELS = 10_000;
const NONE: Limits = { efforts: new Set(), tokens: Number.POSITIVE_INFINITY, until: 0 };

/**
 * What models refuse of requests that were written for others: how hard to think, and room for longer answers than they can give. Which model takes what
 * changes from month to month, so no list is kept: what is refused is lowered or left out, and remembered for an hour. Only what holds for every caller is
 * remembered: the very word that was refused, and a number that the provider names. How much room a long prompt leaves is the matter of one call.
 */
export function createModelLimits(clock: Pick<Clock, "now">) {
  const known = new Map<string, Limits>();
  const limitsOf = (model: string): Limits => {
    const found = known.get(model);
    return found && found.until >= clock.now() ? found : NONE;
  };
  function remember(model: string, more: Partial<Limits>) {
    if (known.size >= MOST_MODELS) known.clear();
    known.set(model, { ...limitsOf(model), ...more, until: clock.now() + BELIEVED_MS });
  }

  return {
    /** The request as the model takes it, as far as that is known. `model` names it among all connections. */
    fit(model: string, request: ChatRequest): Fitted {
      const limits = limitsOf(model);
      return limits === NONE
        ? { request, warnings: [] }
        : withTokens(limits, withEffort(limits, { request, warnings: [] }));
    },

    /** The same with less, where it was one of these that was refused; null for every other failure. `sent` is what was asked. */
    lower(model: string, sent: Fitted, { status, message }: TryFailure): Fitted | null {
      if (status !== 400 && status !== 422) return null;
      const { reasoning_effort: effort, max_tokens: tokens, ...rest } = sent.request;
      if (typeof effort === "string" && NAMES_EFFORT.test(message)) {
        remember(model, { efforts: new Set([...limitsOf(model).efforts, effort]) });
        return withEffort(limitsOf(model), sent);
      }
      if (typeof tokens !== "number" || !NAMES_TOKENS.test(message) || !SAYS_TOO_MANY.test(message)) return null;
      const named = Number(SAYS_HOW_MANY.exec(message)?.[1]);
      if (named < tokens) {
        remember(model, { tokens: named });
        return withTokens(limitsOf(model), sent);
      }
      const warning = `\`max_tokens\` was left out: there is no room for ${tokens}.`;
      const request = { ...rest, ...(effort !== undefined && { reasoning_effort: effort }) };
      return { request, warnings: [...sent.warnings, warning] };
    },
  };
}

function withEffort({ efforts }: Limits, { request, warnings }: Fitted): Fitted {
  const { reasoning_effort: effort, ...rest } = request;
  if (typeof effort !== "string" || !efforts.has(effort)) return { request, warnings };
  const isLowered = ABOVE_HIGH.has(effort) && !efforts.has("high");
  const what = isLowered ? "lowered to high" : "left out";
  const warning = `\`reasoning_effort\` was ${what}: the provider refuses ${effort} for this model.`;
  return { request: isLowered ? { ...rest, reasoning_effort: "high" } : rest, warnings: [...warnings, warning] };
}

function withTokens({ tokens: most }: Limits, { request, warnings }: Fitted): Fitted {
  const { max_tokens: tokens } = request;
  if (typeof tokens !== "number" || tokens <= most) return { request, warnings };
  const warning = `\`max_tokens\` was lowered from ${tokens} to ${most}: the provider says that is the most for this model.`;
  return { request: { ...request, max_tokens: most }, warnings: [...warnings, warning] };
}
