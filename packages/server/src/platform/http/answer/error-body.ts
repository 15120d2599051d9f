import type { ErrorCode, Route } from "@treadle/contract";
import type { AppError } from "../../../kernel/errors.ts";

type Shape = Route["wire"] | Route["errors"];

const OPENAI: Partial<Record<ErrorCode, readonly [type: string, code: string]>> = {
  unauthorized: ["invalid_request_error", "invalid_api_key"],
  forbidden: ["invalid_request_error", "insufficient_permissions"],
  not_found: ["invalid_request_error", "not_found"],
  payload_too_large: ["invalid_request_error", "request_too_large"],
  rate_limited: ["rate_limit_error", "rate_limit_exceeded"],
  quota_exceeded: ["insufficient_quota", "insufficient_quota"],
};

const ANTHROPIC: Partial<Record<ErrorCode, string>> = {
  unauthorized: "authentication_error",
  forbidden: "permission_error",
  not_found: "not_found_error",
  payload_too_large: "request_too_large",
  rate_limited: "rate_limit_error",
  quota_exceeded: "rate_limit_error",
  unavailable: "overloaded_error",
  overloaded: "overloaded_error",
  provider_timeout: "timeout_error",
};

const MLFLOW: Partial<Record<ErrorCode, string>> = {
  unauthorized: "UNAUTHENTICATED",
  forbidden: "PERMISSION_DENIED",
  not_found: "RESOURCE_DOES_NOT_EXIST",
  conflict: "RESOURCE_CONFLICT",
  rate_limited: "REQUEST_LIMIT_EXCEEDED",
  quota_exceeded: "REQUEST_LIMIT_EXCEEDED",
  unavailable: "TEMPORARILY_UNAVAILABLE",
  overloaded: "TEMPORARILY_UNAVAILABLE",
};
const mlflowCode = ({ code, status }: AppError) =>
  MLFLOW[code] ?? (status < 500 ? "INVALID_PARAMETER_VALUE" : "INTERNAL_ERROR");

const recordOf = (details: unknown): Readonly<Record<string, unknown>> =>
  typeof details === "object" && details !== null ? { ...details } : {};

const textField = (details: unknown, name: string): string | null => {
  const value = recordOf(details)[name];
  return typeof value === "string" ? value : null;
};

/** OpenAI's shape. `param` and `code` are taken from the error's details when it has them. */
function openAiBody(error: AppError) {
  const [type, code] = OPENAI[error.code] ?? [
    error.status < 500 ? "invalid_request_error" : "server_error",
    error.code,
  ];
  return {
    error: {
      message: error.message,
      type,
      param: textField(error.details, "param"),
      code: textField(error.details, "code") ?? (error.code === "invalid_request" ? null : code),
    },
  };
}

function anthropicBody(error: AppError, requestId: string) {
  const type = ANTHROPIC[error.code] ?? (error.status < 500 ? "invalid_request_error" : "api_error");
  return { type: "error", error: { type, message: inAnthropicWords(error) }, request_id: requestId };
}

/** Clients recognise a prompt that is too long by Anthropic's own sentence. */
function inAnthropicWords({ message, details }: AppError): string {
  const { code, promptTokens, contextTokens } = recordOf(details);
  const isKnown = typeof promptTokens === "number" && typeof contextTokens === "number";
  if (code !== "context_length_exceeded" || !isKnown) return message;
  return `prompt is too long: ${promptTokens} tokens > ${contextTokens} maximum`;
}

/** The body of a failed answer, in the shape that the callers of the route read. */
export function errorBody(error: AppError, requestId: string, shape: Shape): object {
  if (shape === "openai") return openAiBody(error);
  if (shape === "anthropic") return anthropicBody(error, requestId);
  if (shape === "mlflow") return { error_code: mlflowCode(error), message: error.message };
  const { code, message, details } = error;
  return { error: { code, message, requestId, ...(details !== undefined && { details }) } };
}
