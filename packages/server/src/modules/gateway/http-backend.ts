import { EmbeddingRequest } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Outbound } from "../../platform/outbound/port.ts";
import { type Call, WIRES } from "./call.ts";
import { editBody } from "./edit-body.ts";
import { createModelLimits, type Fitted } from "./model-limits.ts";
import { openUpstream, type UpstreamReply } from "./open-upstream.ts";
import { hubRequest, type Outcome, warningsOf } from "./outcome.ts";
import type { PassThrough, Provider, Upstream, UpstreamRequest } from "./providers/provider.ts";
import { readWhole } from "./read-answer.ts";
import { readChunks } from "./read-chunks.ts";
import { responsesReader } from "./read-responses.ts";
import type { HttpCandidate } from "./resolve-model.ts";
import { failureOfAnswer, failureOfStatus, TryFailure } from "./try-failure.ts";
import { fitsCallIds, withCallIds } from "./wires/fit-call-ids.ts";
import { parseJson, recordsOf } from "./wires/json.ts";

/** Headers of the caller that mean something to the provider whose wire passes through. */
export const FORWARDED = ["anthropic-beta", "anthropic-version", "openai-beta"] as const;

type ToCaller = { readonly hidesUsage: boolean; readonly chunkReader: PassThrough["chunkReader"] };
/** `passing` is null for an answer that has to be translated; `fitted` is a request that may be asked again with less. */
type Asked = { readonly request: UpstreamRequest; readonly passing: ToCaller | null; readonly fitted?: Fitted };

export function toUpstream({ connection, model }: Pick<HttpCandidate, "connection" | "model">, key: string): Upstream {
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

/** Asks providers over HTTP. A try throws `TryFailure`, `OutboundError`, `UpstreamStreamError` or `AppError`. */
export function createHttpBackend({ outbound, clock }: { outbound: Pick<Outbound, "dispatch">; clock: Clock }) {
  const limits = createModelLimits(clock);

  async function answerTo(call: Call, candidate: HttpCandidate, { request, passing }: Asked): Promise<Outcome> {
    const { timeouts } = candidate.connection;
    const { reply, abort } = openUpstream(outbound, { ...request, timeouts }, call.isStream);
    call.stop = abort;
    // Who left before there was anything to stop is not told of again.
    if (call.signal.aborted) abort();
    const answer = await reply;
    refuse(answer, candidate.provider);
    const asked = { model: candidate.model, now: clock.now() };
    return passing
      ? passOn(call, answer, { provider: candidate.provider, asked, ...passing })
      : translate(call, answer, { provider: candidate.provider, asked });
  }

  return async function tryHttp(call: Call, candidate: HttpCandidate, key: string): Promise<Outcome> {
    const model = `${candidate.connection.id} ${candidate.model}`;
    let asked = await ask(call, candidate, { key, fit: () => limits.fit(model, hubRequest(call)) });
    for (;;) {
      try {
        return await answerTo(call, candidate, asked);
      } catch (error) {
        const less = asked.fitted && error instanceof TryFailure ? limits.lower(model, asked.fitted, error) : null;
        if (!less || call.signal.aborted) throw error;
        asked = await ask(call, candidate, { key, fit: () => less });
      }
    }
  };
}

/** Whether the caller's bytes can go to this provider as they are. */
function passes({ wire }: Call, { provider, connection }: HttpCandidate): boolean {
  if (provider.passThrough === undefined) return false;
  if (wire === "messages") return provider.wire === "anthropic";
  if (wire === "responses") return provider.wire === "openai" && connection.quirks.hasResponses;
  return provider.wire === "openai";
}

async function ask(
  call: Call,
  candidate: HttpCandidate,
  { key, fit }: { key: string; fit: () => Fitted },
): Promise<Asked> {
  const { provider } = candidate;
  const upstream = toUpstream(candidate, key);
  if (provider.passThrough && passes(call, candidate))
    return pass(call, candidate, { upstream, passThrough: provider.passThrough });
  if (call.wire === "embeddings") {
    if (!provider.embeddingRequest)
      throw new AppError("unprocessable", { message: `${provider.label} has no embeddings.` });
    const request = await provider.embeddingRequest(upstream, EmbeddingRequest.parse(call.request));
    return { request, passing: null };
  }
  // Who asks in OpenAI's own words is told that they are refused.
  const mayLower = provider.wire === "openai" && call.wire !== "chat";
  const fitted = mayLower ? fit() : { request: hubRequest(call), warnings: [] };
  const request = await provider.chatRequest(upstream, fitted.request);
  call.warnings = warningsOf(call, [...fitted.warnings, ...request.warnings]);
  return { request, passing: null, ...(mayLower && { fitted }) };
}

/** What the caller sent. Of all services only Mistral minds what ids of calls the models before it have given. */
function bytesFor({ wire, bytes, request }: Call, preset: string): Buffer {
  if (preset !== "mistral" || wire !== "chat" || fitsCallIds(request.messages, preset)) return bytes;
  const messages = recordsOf(request.messages).map((message) => withCallIds(message, preset));
  return Buffer.from(JSON.stringify({ ...request, messages }));
}

/** The caller's bytes with the provider's name of the model, and usage asked for where it would not come by itself. */
function pass(
  call: Call,
  { model, connection }: HttpCandidate,
  { upstream, passThrough }: { upstream: Upstream; passThrough: PassThrough },
): Asked {
  const bytes = bytesFor(call, connection.preset);
  const request = passThrough.request(upstream, WIRES[call.wire].path, bytes);
  const addStreamUsage =
    call.isStream &&
    connection.quirks.hasStreamUsage &&
    (call.wire === "chat" || call.wire === "completions") &&
    !asksForUsage(call.request);
  const isUntouched = !addStreamUsage && model === call.request.model;
  const body = isUntouched ? bytes : editBody(bytes, { model, addStreamUsage });
  const headers: Record<string, string> = { ...request.headers };
  for (const name of FORWARDED) {
    const value = call.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  const passing = { hidesUsage: addStreamUsage, chunkReader: passThrough.chunkReader };
  return { request: { ...request, headers, body }, passing };
}

function asksForUsage({ stream_options: options }: Call["request"]): boolean {
  return (
    typeof options === "object" && options !== null && "include_usage" in options && options.include_usage === true
  );
}

/** Throws `TryFailure` for every answer that is none. */
function refuse(answer: UpstreamReply, provider: Provider): void {
  const { status, headers } = answer;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new TryFailure(
      `The provider sent its answer in the encoding "${String(encoding)}", which was not asked for.`,
      { kind: "answer", status: 502 },
    );
  }
  if (status === 200 || answer.kind === "stream") return;
  if (status >= 300 && status < 400) {
    const message = `The provider answered with a redirect (${status}), which is not followed. Correct the connection's base URL.`;
    throw new TryFailure(message, { kind: "answer", status: 502, code: "redirect" });
  }
  if (status < 400) return;
  throw failureOfStatus(status, headers, provider.readError(status, answer.body));
}

type Answering = { readonly provider: Provider; readonly asked: { model: string; now: number } };

function passOn(
  call: Call,
  answer: UpstreamReply,
  { provider, asked, hidesUsage, chunkReader }: Answering & ToCaller,
): Outcome {
  if (answer.kind === "stream") {
    // A stream whose first event is an error has not begun: the reader throws it.
    if (answer.stream.head.includes('"error"'))
      provider.streamReader({ ...asked, includeUsage: true }).push(answer.stream.head);
    const reader = call.wire === "responses" ? responsesReader(asked) : chunkReader({ ...asked, includeUsage: true });
    return { kind: "stream", stream: answer.stream, headers: answer.headers, reader, hidesUsage };
  }
  const { body, headers } = answer;
  const start = body.toString("latin1", 0, 16).trimStart();
  if (!start.startsWith("{")) {
    throw notJson();
  }
  if (body.includes('"error"')) {
    const value: unknown = parseJson(body.toString());
    if (value === undefined) throw notJson();
    const isError =
      typeof value === "object" &&
      value !== null &&
      "error" in value &&
      value.error !== null &&
      !("choices" in value) &&
      !("output" in value);
    if (isError) throw failureOfAnswer(provider.readError(200, body));
  }
  if (!call.isStream || call.wire === "embeddings") return { kind: "bytes", body, headers, provider };
  return { kind: "response", response: readWhole(call.wire, provider, { body, asked }) };
}

const notJson = () =>
  new TryFailure("The provider answered with something that is not a JSON object.", { kind: "answer", status: 502 });

function translate(call: Call, answer: UpstreamReply, { provider, asked }: Answering): Outcome {
  if (answer.kind === "stream") {
    const reader = provider.streamReader({ ...asked, includeUsage: true });
    return { kind: "chunks", chunks: readChunks(answer.stream, reader, reader.push(answer.stream.head)) };
  }
  if (call.wire !== "embeddings") return { kind: "response", response: provider.readChat(answer.body, asked) };
  if (!provider.readEmbeddings)
    throw new AppError("unprocessable", { message: `${provider.label} has no embeddings.` });
  return {
    kind: "embeddings",
    response: provider.readEmbeddings(answer.body, {
      model: asked.model,
      request: EmbeddingRequest.parse(call.request),
    }),
  };
}
