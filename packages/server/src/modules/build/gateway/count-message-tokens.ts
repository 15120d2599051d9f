import { MessagesRequest } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { Outbound } from "../../../platform/outbound/port.ts";
import { failureOfStatus, withoutKey } from "./attempt/attempt-failure.ts";
import { toUpstream } from "./attempt/build-request.ts";
import { editBody } from "./attempt/edit-body.ts";
import type { AnyRequest } from "./formats/hub/any-request.ts";
import { messagesFormat } from "./formats/messages/messages.ts";
import type { GuardStage } from "./guard/call-guard.ts";
import { localChatRequest } from "./providers/local/local.ts";
import type { UpstreamRequest } from "./providers/provider.ts";
import type { TokenCounter } from "./record/count-tokens.ts";
import { type Caller, readCall } from "./request/read-call.ts";
import { type AnyBody, COUNT, createPromptFiller, type FillPrompt, isPrompted } from "./resolve/fill-prompt.ts";
import type { HttpTarget, ModelResolver, Plan } from "./resolve/resolve-model.ts";

type Deps = {
  readonly resolver: ModelResolver;
  readonly fillPrompt: FillPrompt;
  readonly counter: Pick<TokenCounter, "count">;
  readonly outbound: Pick<Outbound, "request">;
  readonly inference: Pick<Inference, "countTokens">;
  readonly guards: Pick<GuardStage, "begin">;
  readonly clock: Clock;
};
type CountableRequest = AnyRequest & { readonly messages: readonly unknown[] };

const MAX_BYTES = 1024 * 1024;

/** Counts the tokens of a messages request: by the provider if it offers that, otherwise by estimate. */
export function createMessageCount({ resolver, counter, outbound, inference, fillPrompt, ...deps }: Deps) {
  const fill = createPromptFiller(fillPrompt, COUNT);
  const guarded = createGuardedCount(deps);
  /** Null when the provider's answer contains no count. */
  async function askProvider(
    target: HttpTarget,
    request: UpstreamRequest,
    { key, signal }: { key: string; signal: AbortSignal },
  ): Promise<number | null> {
    const { timeouts } = target.connection;
    const { status, headers, body } = await outbound.request({ ...request, timeouts, signal, maxBytes: MAX_BYTES });
    if (status === 200) return target.provider.readTokenCount?.(body) ?? null;
    const rejection = failureOfStatus(status, headers, target.provider.readError(status, body));
    const failure = withoutKey(rejection, key);
    throw new AppError(status === 429 ? "rate_limited" : "provider_failed", {
      message: failure.message,
      cause: failure,
    });
  }

  /** Counts with the model's own template and vocabulary. */
  function countLocally(modelId: string, request: CountableRequest): Promise<number> {
    const messages = MessagesRequest.parse({ max_tokens: 1, ...request });
    const { generate } = localChatRequest(modelId, messagesFormat.toChat(messages));
    return inference.countTokens({ modelId, prompt: generate.prompt });
  }

  async function countTokens(
    scope: Scope,
    incoming: CountableRequest,
    { signal, ...caller }: Pick<Caller, "bytes" | "signal">,
  ): Promise<number> {
    const plan = await resolver.plan(scope.projectId, incoming.model);
    const [first] = plan.targets;
    const { request, bytes, reroute } = await guarded({ scope, request: incoming, bytes: caller.bytes, signal }, plan);
    // A guard sends such requests to another model. No provider of the named one may see it, so it is counted here.
    if (reroute !== null && incoming.model !== reroute) return counter.count(request);
    if (first.kind === "local") return countLocally(first.model, request);
    const { provider, connection, model } = first;
    if (!provider.countTokensRequest) return counter.count(request);
    const key = connection.keys[0]?.value ?? "";
    const upstream = toUpstream(first, key);
    const countRequest =
      provider.family === "anthropic" && provider.passThrough
        ? provider.passThrough.request(
            upstream,
            "/messages/count_tokens",
            editBody(bytes, { model, addStreamUsage: false }),
          )
        : await provider.countTokensRequest(upstream, request);
    return (await askProvider(first, countRequest, { key, signal })) ?? counter.count(request);
  }

  /** Throws `content_filter` for a request that a guard blocks, what `FillPrompt` throws, and `provider_failed` or `rate_limited` when the provider does not count. */
  return async (scope: Scope, body: AnyBody, caller: Pick<Caller, "bytes" | "signal">): Promise<number> => {
    if (!isPrompted(body)) return countTokens(scope, COUNT.shape.parse(body), caller);
    const { request } = await fill(scope, body);
    return countTokens(scope, request, { ...caller, bytes: Buffer.from(JSON.stringify(request)) });
  };
}

type Counted = Pick<Caller, "bytes" | "signal"> & { readonly scope: Scope; readonly request: CountableRequest };

type GuardedCount = Pick<Counted, "request" | "bytes"> & {
  /** The model that such requests are sent to; null for the named one. */
  readonly reroute: string | null;
};

/** The request as its guards let it through: a count sends the texts to the provider too. */
const createGuardedCount =
  ({ guards, clock }: Pick<Deps, "guards" | "clock">) =>
  async ({ scope, request, bytes, signal }: Counted, plan: Plan): Promise<GuardedCount> => {
    const caller = { bytes, signal, headers: {}, requestId: "" };
    const call = readCall({ scope, format: "messages", request, caller }, clock);
    const guard = await guards.begin(call, plan);
    if (!guard) return { request: call.request as CountableRequest, bytes: call.bytes, reroute: null };
    const checked = await guard.check(call, { reroute: true });
    if (checked.error) throw checked.error;
    const { call: guardedCall, reroute } = checked;
    return {
      request: guardedCall.request as CountableRequest,
      bytes: guardedCall.bytes,
      reroute: reroute?.target ?? null,
    };
  };
