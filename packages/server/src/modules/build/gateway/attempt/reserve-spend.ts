import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import { FORMATS } from "../formats/formats.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import type { Call } from "../request/read-call.ts";
import type { Reservation, SpendLimits, SpendOrder, Waiting } from "../request/spend-limits.ts";
import type { Plan, Target } from "../resolve/resolve-model.ts";
import { AttemptFailure } from "./attempt-failure.ts";

/** English text has 4 bytes per token, and code fewer. */
const BYTES_PER_TOKEN = 3.5;
/** A larger body may hold images, whose bytes are not text. */
const LARGE_BYTES = 32 * 1024;
/** A longer text without spaces is data in base64. */
const DATA_CHARACTERS = 2_000;
/** Providers charge between 85 and 1,600 tokens for an image. */
const TOKENS_PER_DATA = 1_000;
const LOCAL_TIMEOUT_MS = 600_000;

/**
 * Reserves one attempt in the limits of its project; null without limits. If a limit of the provider is reached, the result is a failure,
 * since another provider may answer. Any other limit throws. A promise if the attempt waits for its turn.
 */
export const createReserveSpend =
  (limits: Pick<SpendLimits, "has" | "reserve">) =>
  (call: Call, { plan, target }: Attempting, waiting: () => Waiting): Reserved | Promise<Reserved> => {
    if (!limits.has(call.scope.projectId)) return null;
    try {
      const reserved = limits.reserve(orderOf(call, plan, target), waiting());
      return reserved instanceof Promise ? reserved.catch(failureOf) : reserved;
    } catch (error) {
      return failureOf(error);
    }
  };
export type Reserved = Reservation | AttemptFailure | null;
type Attempting = { readonly plan: Plan; readonly target: Target };

function failureOf(error: unknown): AttemptFailure {
  if (!(error instanceof AppError && isOfProvider(error))) throw error;
  return new AttemptFailure(error.message, { kind: "limit", status: 0, cause: error });
}

const isOfProvider = ({ details }: AppError) => isRecord(details) && details.scope === "provider";

/** One attempt as limits see it. */
function orderOf(call: Call, { endpoint, assignment }: Plan, target: Target): SpendOrder {
  const { scope, facts } = call;
  const isHttp = target.kind === "http";
  return {
    projectId: scope.projectId,
    spanId: call.spanId,
    actor: scope.actor,
    userId: facts.userId || (scope.userId ?? ""),
    tags: facts.tags,
    endpoint: endpoint?.name ?? "",
    variant: assignment?.variant.name ?? "",
    connection: isHttp ? target.connection.slug : "local",
    provider: isHttp ? target.connection.preset : "local",
    model: target.model,
    inputTokens: estimateInput(call),
    maxOutputTokens: call.format === "embeddings" ? 0 : maxOutput(call.request),
    timeoutMs: isHttp ? target.connection.timeouts.totalMs : LOCAL_TIMEOUT_MS,
    isMirrored: call.mirrorOf !== null,
    headerStyle: FORMATS[call.format].errors,
  };
}

/** The approximate tokens of a request. It costs almost nothing: no text is split into tokens. */
function estimateInput({ bytes, request }: Pick<Call, "bytes" | "request">): number {
  if (bytes.length < LARGE_BYTES) return Math.ceil(bytes.length / BYTES_PER_TOKEN);
  return Math.ceil(tokensOf(request));
}

function tokensOf(value: unknown): number {
  if (typeof value === "string") return isData(value) ? TOKENS_PER_DATA : Buffer.byteLength(value) / BYTES_PER_TOKEN;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + tokensOf(item), 0);
  if (isRecord(value)) return Object.values(value).reduce<number>((sum, item) => sum + tokensOf(item), 0);
  return 1;
}

const isData = (text: string) =>
  text.length > DATA_CHARACTERS && (text.startsWith("data:") || !text.slice(0, DATA_CHARACTERS).includes(" "));

function maxOutput({ max_completion_tokens, max_tokens, max_output_tokens, n }: AnyRequest): number | null {
  const most = max_completion_tokens ?? max_tokens ?? max_output_tokens;
  if (typeof most !== "number") return null;
  return most * (typeof n === "number" ? n : 1);
}
