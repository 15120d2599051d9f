import { EmbeddingRequest } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { parseJson } from "../formats/hub/json.ts";
import { responsesReader } from "../formats/responses/read-response.ts";
import type { Provider } from "../providers/provider.ts";
import type { Call } from "../request/read-call.ts";
import { AttemptFailure, failureOfAnswer, failureOfStatus } from "./attempt-failure.ts";
import type { PassedAnswer } from "./build-request.ts";
import type { Outcome, UpstreamReply } from "./outcome.ts";
import { readWhole } from "./read-answer.ts";
import { readChunks } from "./read-chunks.ts";

type Replying = {
  readonly provider: Provider;
  readonly asked: { readonly model: string; readonly now: number };
  /** Null for an answer that has to be translated. */
  readonly passing: PassedAnswer | null;
};

/** Reads a provider's reply. Throws `AttemptFailure` or `UpstreamStreamError` for a reply that is not an answer. */
export function readReply(call: Call, reply: UpstreamReply, { provider, asked, passing }: Replying): Outcome {
  refuse(reply, provider);
  return passing
    ? passOn(call, reply, { provider, asked, passing })
    : translate(call, reply, { provider, asked, passing });
}

/** Throws `AttemptFailure` for a status or an encoding that is not an answer. */
function refuse(reply: UpstreamReply, provider: Provider): void {
  const { status, headers } = reply;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new AttemptFailure(
      `The provider sent its answer in the encoding "${String(encoding)}", which was not requested.`,
      { kind: "answer", status: 502 },
    );
  }
  if (status === 200 || reply.kind === "stream") return;
  if (status >= 300 && status < 400) {
    const message = `The provider answered with a redirect (${status}), which is not followed. Correct the connection's base URL.`;
    throw new AttemptFailure(message, { kind: "answer", status: 502, code: "redirect" });
  }
  if (status < 400) return;
  throw failureOfStatus(status, headers, provider.readError(status, reply.body));
}

function passOn(
  call: Call,
  reply: UpstreamReply,
  { provider, asked, passing: { hidesUsage, chunkReader } }: Replying & { readonly passing: PassedAnswer },
): Outcome {
  if (reply.kind === "stream") {
    // A stream whose first event is an error has not begun: the reader throws it.
    if (reply.stream.head.includes('"error"'))
      provider.streamReader({ ...asked, includeUsage: true }).push(reply.stream.head);
    const reader = call.format === "responses" ? responsesReader(asked) : chunkReader({ ...asked, includeUsage: true });
    return { kind: "stream", stream: reply.stream, headers: reply.headers, reader, hidesUsage };
  }
  const { body, headers } = reply;
  refuseOther(body, provider);
  if (!call.isStream || call.format === "embeddings") return { kind: "bytes", body, headers, provider };
  return { kind: "response", response: readWhole(call.format, provider, { body, asked }) };
}

/** Throws `AttemptFailure` for a body that is not a JSON object, or that holds an error instead of an answer. */
function refuseOther(body: Buffer, provider: Provider): void {
  const start = body.toString("latin1", 0, 16).trimStart();
  if (!start.startsWith("{")) throw notJson();
  if (!body.includes('"error"')) return;
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

const notJson = () =>
  new AttemptFailure("The provider answered with something that is not a JSON object.", {
    kind: "answer",
    status: 502,
  });

function translate(call: Call, reply: UpstreamReply, { provider, asked }: Replying): Outcome {
  if (reply.kind === "stream") {
    const reader = provider.streamReader({ ...asked, includeUsage: true });
    return { kind: "chunks", chunks: readChunks(reply.stream, reader, reader.push(reply.stream.head)) };
  }
  if (call.format !== "embeddings") return { kind: "response", response: provider.readChat(reply.body, asked) };
  if (!provider.readEmbeddings)
    throw new AppError("unprocessable", { message: `${provider.label} has no embeddings.` });
  return {
    kind: "embeddings",
    response: provider.readEmbeddings(reply.body, {
      model: asked.model,
      request: EmbeddingRequest.parse(call.request),
    }),
  };
}
