import type { FailureClass } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { AttemptFailure } from "./attempt-failure.ts";

const CONTEXT_CODES = new Set(["context_length_exceeded", "request_too_large"]);
/** OpenAI, Azure, vLLM, Anthropic, Gemini, Bedrock, Cohere, llama.cpp and Text Generation Inference, in this order. */
const CONTEXT_WORDS = [
  /maximum context length|context (window|limit|length)|longer than the model's context/i,
  /input tokens exceed|prompt (is )?too long|input (is )?too long|too many (input )?tokens/i,
  /input token count .*exceeds|exceeds the (maximum|available) (number of tokens|context size|input)/i,
  /too many tokens|`?inputs`? tokens \+ `?max_new_tokens`?/i,
];
const FILTER_CODES = new Set([
  "content_filter",
  "content_policy_violation",
  "responsibleaipolicyviolation",
  "safety",
  "prohibited_content",
  "moderation_blocked",
]);
const FILTER_WORDS =
  /content (management |filtering |usage )?policy|content[ _]filter|safety (system|settings|policy)|flagged (as|by|for)|blocked by .*(guardrail|filter|safety)/i;
const TIMEOUT_STATUS = new Set([408, 504, 524]);
const UNAVAILABLE_STATUS = new Set([502, 503, 521, 522, 523, 529]);
/** Rejections of the request: only these can be about its length or its content. */
const isRejection = (status: number) => status === 400 || status === 403 || status === 413 || status === 422;

/** The class of a failure, by which a fallback is chosen. Each failure has exactly one. */
export function classOf(failure: AttemptFailure): FailureClass {
  const { kind, status, retryAfterMs } = failure;
  if (status === 429 || kind === "limit") return "rate-limit";
  if (kind === "circuit" || kind === "connect" || kind === "reset") return "unavailable";
  if (kind.endsWith("timeout") || TIMEOUT_STATUS.has(status)) return "timeout";
  if (isTooLong(failure)) return "context-length";
  if (isFiltered(failure)) return "content-filter";
  if (UNAVAILABLE_STATUS.has(status)) return "unavailable";
  // A provider that names a time is not broken, whatever its status.
  return status >= 500 && retryAfterMs !== null ? "unavailable" : "error";
}

function isTooLong({ status, message, code, type, cause }: AttemptFailure): boolean {
  if (CONTEXT_CODES.has(code ?? "") || CONTEXT_CODES.has(type ?? "")) return true;
  if (cause instanceof AppError) return cause.status < 500 && CONTEXT_CODES.has(codeOf(cause));
  return isRejection(status) && CONTEXT_WORDS.some((words) => words.test(message));
}

function isFiltered({ status, message, code, type }: AttemptFailure): boolean {
  if (FILTER_CODES.has((code ?? "").toLowerCase()) || FILTER_CODES.has((type ?? "").toLowerCase())) return true;
  return isRejection(status) && FILTER_WORDS.test(message);
}

/** The code that a model of this machine gives in the details of its error. */
function codeOf({ details }: AppError): string {
  return typeof details === "object" && details !== null && "code" in details ? String(details.code) : "";
}
