import { EmbeddingRequest } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { FORMATS, formatOf } from "../formats/formats.ts";
import { recordsOf } from "../formats/hub/json.ts";
import { fitsCallIds, withCallIds } from "../providers/openai/fit-call-ids.ts";
import type { PassThrough, Upstream, UpstreamRequest } from "../providers/provider.ts";
import type { Call } from "../request/read-call.ts";
import type { HttpTarget } from "../resolve/resolve-model.ts";
import { editBody } from "./edit-body.ts";
import type { Fitted } from "./model-limits.ts";

/** Headers of the caller that are passed on to a provider of the same format. */
export const FORWARDED = ["anthropic-beta", "anthropic-version", "openai-beta"] as const;

/** How an answer that passes through unchanged is read and shown. */
export type PassedAnswer = { readonly hidesUsage: boolean; readonly chunkReader: PassThrough["chunkReader"] };
export type PreparedRequest = {
  readonly request: UpstreamRequest;
  /** Null when the answer has to be translated. */
  readonly passing: PassedAnswer | null;
  /** Set for a request that can be sent again with lower limits. */
  readonly fitted?: Fitted;
  readonly warnings: readonly string[];
};

const NO_WARNINGS: readonly string[] = [];

/** The connection as its provider needs it. An empty `key` means no key. */
export function toUpstream({ connection, model }: Pick<HttpTarget, "connection" | "model">, key: string): Upstream {
  if (key === "" && connection.hasUnreadableKeys)
    throw new AppError("unprocessable", {
      message: `The stored key of the connection "${connection.slug}" cannot be decrypted, so the provider was not called. Enter the key again under Settings, Connections.`,
    });
  const { baseUrl, preset, region, apiVersion, accessKeyId, headers, quirks } = connection;
  return {
    baseUrl,
    preset,
    key,
    model,
    region,
    apiVersion,
    accessKeyId,
    headers,
    hasStreamUsage: quirks.hasStreamUsage,
  };
}

/** Builds the request to a provider: the caller's bytes where they can pass through, otherwise a translation. */
export async function buildRequest(
  call: Call,
  target: HttpTarget,
  { key, fit }: { key: string; fit: () => Fitted },
): Promise<PreparedRequest> {
  const { provider } = target;
  const upstream = toUpstream(target, key);
  if (provider.passThrough && passesThrough(call, target))
    return pass(call, target, { upstream, passThrough: provider.passThrough });
  if (call.format === "embeddings") {
    if (!provider.embeddingRequest)
      throw new AppError("unprocessable", { message: `${provider.label} has no embeddings.` });
    const request = await provider.embeddingRequest(upstream, EmbeddingRequest.parse(call.request));
    return { request, passing: null, warnings: NO_WARNINGS };
  }
  // A caller who uses OpenAI's own format receives the provider's refusal instead.
  const mayLower = provider.family === "openai" && call.format !== "chat";
  const fitted = mayLower ? fit() : { request: call.toChat(), warnings: NO_WARNINGS };
  const request = await provider.chatRequest(upstream, fitted.request);
  const warnings = warningsOf(call, [...fitted.warnings, ...request.warnings]);
  return { request, passing: null, warnings, ...(mayLower && { fitted }) };
}

/** Parts of the request that the translation left out, then parts that the provider does not support. */
export function warningsOf({ format, request }: Call, ofProvider: readonly string[]): readonly string[] {
  const ofFormat = format === "embeddings" ? undefined : formatOf(format).leftOut?.(request);
  return ofFormat && ofFormat.length > 0 ? [...ofFormat, ...ofProvider] : ofProvider;
}

/** Whether the caller's bytes can be sent to this provider unchanged. */
function passesThrough({ format }: Call, { provider, connection }: HttpTarget): boolean {
  if (format === "messages") return provider.family === "anthropic";
  if (format === "responses") return provider.family === "openai" && connection.quirks.hasResponses;
  return provider.family === "openai";
}

/** The caller's body. Mistral is the only service that rejects ids of tool calls from other models. */
function bytesFor({ format, bytes, request }: Call, preset: string): Buffer {
  if (preset !== "mistral" || format !== "chat" || fitsCallIds(request.messages, preset)) return bytes;
  const messages = recordsOf(request.messages).map((message) => withCallIds(message, preset));
  return Buffer.from(JSON.stringify({ ...request, messages }));
}

/** The caller's bytes with the provider's name of the model, and with usage requested where the stream would not send it. */
function pass(
  call: Call,
  { model, connection }: HttpTarget,
  { upstream, passThrough }: { upstream: Upstream; passThrough: PassThrough },
): PreparedRequest {
  const bytes = bytesFor(call, connection.preset);
  const request = passThrough.request(upstream, FORMATS[call.format].path, bytes);
  const addStreamUsage =
    call.isStream &&
    connection.quirks.hasStreamUsage &&
    (call.format === "chat" || call.format === "completions") &&
    !requestsUsage(call.request);
  const isUntouched = !addStreamUsage && model === call.request.model;
  const body = isUntouched ? bytes : editBody(bytes, { model, addStreamUsage });
  const headers: Record<string, string> = { ...request.headers };
  for (const name of FORWARDED) {
    const value = call.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  const passing = { hidesUsage: addStreamUsage, chunkReader: passThrough.chunkReader };
  return { request: { ...request, headers, body }, passing, warnings: NO_WARNINGS };
}

function requestsUsage({ stream_options: options }: Call["request"]): boolean {
  return (
    typeof options === "object" && options !== null && "include_usage" in options && options.include_usage === true
  );
}
