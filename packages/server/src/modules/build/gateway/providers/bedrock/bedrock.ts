import { AppError } from "../../../../../kernel/errors.ts";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { plainError } from "../../formats/hub/answers.ts";
import type { UpstreamError } from "../../formats/hub/hub.ts";
import {
  compact,
  type JsonRecord,
  listOf,
  numberOf,
  parseJson,
  recordOf,
  recordsOf,
  textOf,
} from "../../formats/hub/json.ts";
import { messagesToChat } from "../../formats/messages/request.ts";
import type { Provider, Upstream, UpstreamRequest } from "../provider.ts";
import { readInvoke, toInvokeBody } from "./embeddings.ts";
import { toConverseBody } from "./request.ts";
import { readConverse } from "./response.ts";
import { type AwsCredentials, payloadHash, signAws } from "./sign.ts";
import { bedrockStreamReader } from "./stream.ts";

/** The region of the connection, or the one in its address. */
function regionOf({ region, baseUrl }: Upstream): string {
  const regionName = region ?? /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(baseUrl)?.[1];
  if (regionName) return regionName;
  throw new AppError("unprocessable", {
    message: "The Bedrock connection has no region. Set it to one such as `us-east-1`.",
    details: { param: "model" },
  });
}

/** The secret key, optionally followed by a colon and a session token. */
function credentialsOf(upstream: Upstream): AwsCredentials | null {
  if (upstream.accessKeyId === null || upstream.accessKeyId === "") return null;
  const colon = upstream.key.indexOf(":");
  if (colon === -1) return { accessKeyId: upstream.accessKeyId, secretAccessKey: upstream.key };
  return {
    accessKeyId: upstream.accessKeyId,
    secretAccessKey: upstream.key.slice(0, colon),
    sessionToken: upstream.key.slice(colon + 1),
  };
}

type Ask = { readonly method: "GET" | "POST"; readonly url: string; readonly body: string; readonly accept: string };

/** With an access key id the request is signed; without one the key is a Bedrock API key. */
async function authorise(upstream: Upstream, ask: Ask, now: number): Promise<UpstreamRequest> {
  const { method, url, body, accept } = ask;
  const plain = { ...(method === "POST" && { "content-type": "application/json" }), accept };
  const credentials = credentialsOf(upstream);
  if (!credentials)
    return {
      method,
      url,
      body,
      headers: {
        ...plain,
        ...(upstream.key !== "" && { authorization: `Bearer ${upstream.key}` }),
        ...upstream.headers,
      },
    };
  const signing = {
    credentials,
    region: regionOf(upstream),
    service: "bedrock",
    now: new Date(now),
    payloadHash: payloadHash(body),
  };
  const { host: _, ...signed } = await signAws({ method, url, body, headers: plain }, signing);
  return { method, url, body, headers: { ...signed, ...upstream.headers } };
}

const rootOf = (upstream: Upstream) => upstream.baseUrl.replace(/\/+$/, "");
const modelUrl = (upstream: Upstream, verb: string) =>
  `${rootOf(upstream)}/model/${encodeURIComponent(upstream.model)}/${verb}`;

function readError(status: number, body: Uint8Array): UpstreamError {
  const value = parseJson(Buffer.from(body).toString());
  const message = isRecord(value) ? textOf(value.message) || textOf(value.Message) : "";
  if (!isRecord(value) || message === "") return plainError(status, body);
  const type = textOf(value.__type).split("#").at(-1) || textOf(value.type);
  return { message, type: type || null, code: null };
}

/** The inference profiles of a region, by the first letters of its name. */
const AREAS: readonly (readonly [string, string])[] = [
  ["us-gov-", "us-gov"],
  ["us-", "us"],
  ["eu-", "eu"],
  ["ap-", "apac"],
];

/** Many models require an inference profile, which is named by area and model. */
function callableId(model: JsonRecord): string {
  const id = textOf(model.modelId);
  const types = listOf(model.inferenceTypesSupported);
  if (types.length === 0 || types.includes("ON_DEMAND")) return id;
  const region = textOf(model.modelArn).split(":")[3] ?? "";
  const area = AREAS.find(([start]) => region.startsWith(start))?.[1];
  return types.includes("INFERENCE_PROFILE") && area !== undefined ? `${area}.${id}` : id;
}

/** Amazon Bedrock's Converse API. `now` returns the time for signatures, in milliseconds. */
export function createBedrock(now: () => number): Provider {
  const post = (
    upstream: Upstream,
    verb: string,
    { body, accept = "application/json" }: { body: unknown; accept?: string },
  ) =>
    authorise(upstream, { method: "POST", url: modelUrl(upstream, verb), body: JSON.stringify(body), accept }, now());
  return {
    id: "bedrock",
    label: "Amazon Bedrock",
    family: "other",
    async chatRequest(upstream, request) {
      const { body, warnings } = toConverseBody(upstream.model, request);
      const isStream = request.stream === true;
      const accept = isStream ? "application/vnd.amazon.eventstream" : "application/json";
      return { ...(await post(upstream, isStream ? "converse-stream" : "converse", { body, accept })), warnings };
    },
    readChat: readConverse,
    streamReader: bedrockStreamReader,
    embeddingRequest: (upstream, request) => post(upstream, "invoke", { body: toInvokeBody(upstream.model, request) }),
    readEmbeddings: readInvoke,
    async countTokensRequest(upstream, asked) {
      const messages = Array.isArray(asked.messages)
        ? asked.messages.filter(isRecord).map((message) => ({ ...message, role: textOf(message.role) }))
        : [];
      const request = messagesToChat({ ...asked, model: upstream.model, messages, max_tokens: 1 });
      const { messages: turns, system, toolConfig } = toConverseBody(upstream.model, request).body;
      return post(upstream, "count-tokens", {
        body: { input: { converse: compact({ messages: turns, system, toolConfig }) } },
      });
    },
    readTokenCount: (body) => numberOf(recordOf(parseJson(body.toString())).inputTokens) ?? null,
    modelsRequest(upstream) {
      const url = `${rootOf(upstream).replace("//bedrock-runtime", "//bedrock")}/foundation-models`;
      return authorise(upstream, { method: "GET", url, body: "", accept: "application/json" }, now());
    },
    readModels: (body) =>
      recordsOf(recordOf(parseJson(body.toString())).modelSummaries)
        .filter((model) => recordOf(model.modelLifecycle).status !== "LEGACY")
        .flatMap((model) => callableId(model) || []),
    readError,
  };
}

export const bedrock: Provider = createBedrock(Date.now);
