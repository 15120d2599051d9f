import { MessagesRequest } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Inference } from "../../platform/inference/port.ts";
import type { Outbound } from "../../platform/outbound/port.ts";
import type { AnyRequest } from "./any-request.ts";
import type { Caller } from "./call.ts";
import type { TokenCounter } from "./count-tokens.ts";
import { editBody } from "./edit-body.ts";
import { toUpstream } from "./http-backend.ts";
import { localChatRequest } from "./providers/local.ts";
import type { UpstreamRequest } from "./providers/provider.ts";
import { type AnyBody, COUNT, createPutPrompt, type FillPrompt, isPrompted } from "./put-prompt.ts";
import type { HttpCandidate, ModelResolver } from "./resolve-model.ts";
import { failureOfStatus, withoutKey } from "./try-failure.ts";
import { messagesWire } from "./wires/index.ts";

type Deps = {
  readonly resolver: ModelResolver;
  readonly fillPrompt: FillPrompt;
  readonly counter: Pick<TokenCounter, "count">;
  readonly outbound: Pick<Outbound, "request">;
  readonly inference: Pick<Inference, "countTokens">;
};
type CountableRequest = AnyRequest & { readonly messages: readonly unknown[] };

const MAX_BYTES = 1024 * 1024;

/** How many tokens a messages request would send: as the provider counts where it can, and otherwise an estimate. */
export function createMessageCount({ resolver, counter, outbound, inference, fillPrompt }: Deps) {
  const putPrompt = createPutPrompt(fillPrompt, COUNT);
  /** Null when the provider's answer holds no count. */
  async function askProvider(
    candidate: HttpCandidate,
    request: UpstreamRequest,
    { key, signal }: { key: string; signal: AbortSignal },
  ): Promise<number | null> {
    const { timeouts } = candidate.connection;
    const { status, headers, body } = await outbound.request({ ...request, timeouts, signal, maxBytes: MAX_BYTES });
    if (status === 200) return candidate.provider.readTokenCount?.(body) ?? null;
    const refusal = failureOfStatus(status, headers, candidate.provider.readError(status, body));
    const failure = withoutKey(refusal, key);
    throw new AppError(status === 429 ? "rate_limited" : "provider_failed", {
      message: failure.message,
      cause: failure,
    });
  }

  /** With the model's own template and tokens. */
  function countLocally(modelId: string, request: CountableRequest): Promise<number> {
    const messages = MessagesRequest.parse({ max_tokens: 1, ...request });
    const { generate } = localChatRequest(modelId, messagesWire.toChat(messages));
    return inference.countTokens({ modelId, prompt: generate.prompt });
  }

  async function countTokens(
    scope: Scope,
    request: CountableRequest,
    { bytes, signal }: Pick<Caller, "bytes" | "signal">,
  ): Promise<number> {
    const { candidates } = await resolver.plan(scope.projectId, request.model, []);
    const [first] = candidates;
    if (first.kind === "local") return countLocally(first.model, request);
    const { provider, connection, model } = first;
    if (!provider.countTokensRequest) return counter.count(request);
    const key = connection.keys[0]?.value ?? "";
    const upstream = toUpstream(first, key);
    const asked =
      provider.wire === "anthropic" && provider.passThrough
        ? provider.passThrough.request(
            upstream,
            "/messages/count_tokens",
            editBody(bytes, { model, addStreamUsage: false }),
          )
        : await provider.countTokensRequest(upstream, request);
    return (await askProvider(first, asked, { key, signal })) ?? counter.count(request);
  }

  /** Throws what a stored prompt's filling in throws, and `provider_failed` or `rate_limited` when the provider does not count. */
  return async (scope: Scope, body: AnyBody, caller: Pick<Caller, "bytes" | "signal">): Promise<number> => {
    if (!isPrompted(body)) return countTokens(scope, COUNT.whole.parse(body), caller);
    const { request } = await putPrompt(scope, body);
    return countTokens(scope, request, { ...caller, bytes: Buffer.from(JSON.stringify(request)) });
  };
}
