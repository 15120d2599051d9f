import type { ChatRequest } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { AttemptFailure } from "./attempt-failure.ts";

/** The limits that a model has refused to exceed, and when they expire. */
type Limits = {
  /** Refused values of the reasoning effort. */
  readonly efforts: ReadonlySet<string>;
  /** The maximum length of an answer according to the provider, in tokens. */
  readonly tokens: number;
  readonly until: number;
};
/** A request within the limits, with a warning for each value that was lowered or left out. */
export type Fitted = { readonly request: ChatRequest; readonly warnings: readonly string[] };

/** Values above `high`, the highest effort that almost every reasoning model supports. */
const ABOVE_HIGH = new Set(["xhigh", "max"]);
const NAMES_EFFORT = /reasoning[_ .]?effort|unrecognized request argument supplied: reasoning\b/i;
const NAMES_TOKENS = /max_(completion_|output_|new_)?tokens|\d in the completion/i;
const SAYS_TOO_MANY = /too (large|big|high|many)|at most|maximum|exceeds|less than/i;
const SAYS_HOW_MANY = /(?:at most|up to|less than or equal to|<=|≤|\[\s*[01]\s*,)\s*[`'"]?(\d{2,9})\b/i;
/** A provider may raise its limits, so each limit expires. */
const LIMIT_TTL_MS = 60 * 60_000;
const MAX_MODELS = 10_000;
const NONE: Limits = { efforts: new Set(), tokens: Number.POSITIVE_INFINITY, until: 0 };

/**
 * Learns the limits of models for requests written for other models: the reasoning effort and the maximum length of an
 * answer. These limits change often, so there is no fixed list. A rejected value is lowered or left out, and stored for
 * an hour. Only limits for all callers are stored: the rejected value, and a number that the provider names. The
 * remaining room after a long prompt applies to one call only.
 */
export function createModelLimits(clock: Pick<Clock, "now">) {
  const stored = new Map<string, Limits>();
  const limitsOf = (model: string): Limits => {
    const limits = stored.get(model);
    return limits && limits.until >= clock.now() ? limits : NONE;
  };
  function remember(model: string, more: Partial<Limits>) {
    if (stored.size >= MAX_MODELS) stored.clear();
    stored.set(model, { ...limitsOf(model), ...more, until: clock.now() + LIMIT_TTL_MS });
  }

  return {
    /** Applies the known limits to a request. `model` identifies the model among all connections. */
    fit(model: string, request: ChatRequest): Fitted {
      const limits = limitsOf(model);
      return limits === NONE
        ? { request, warnings: [] }
        : withTokens(limits, withEffort(limits, { request, warnings: [] }));
    },

    /** Lowers the request that was `sent`, if one of these limits was the reason for the failure. Null for every other failure. */
    lower(model: string, sent: Fitted, { status, message }: AttemptFailure): Fitted | null {
      if (status !== 400 && status !== 422) return null;
      const { reasoning_effort: effort, max_tokens: tokens, ...rest } = sent.request;
      if (typeof effort === "string" && NAMES_EFFORT.test(message)) {
        remember(model, { efforts: new Set([...limitsOf(model).efforts, effort]) });
        return withEffort(limitsOf(model), sent);
      }
      if (typeof tokens !== "number" || !NAMES_TOKENS.test(message) || !SAYS_TOO_MANY.test(message)) return null;
      const maxTokens = Number(SAYS_HOW_MANY.exec(message)?.[1]);
      if (maxTokens < tokens) {
        remember(model, { tokens: maxTokens });
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
