import { z } from "zod";

/** Every error the API can return: its status, and the default message. */
export const ERRORS = {
  invalid_request: [400, "The request is not valid. `details` names the fields and the reasons."],
  content_filter: [
    400,
    "A guard of this project rejected the content of the request. `details` has the kinds of the findings.",
  ],
  unauthorized: [
    401,
    "The API key or the session is missing, wrong or revoked. Send `Authorization: Bearer tr_…` or sign in.",
  ],
  forbidden: [403, "You are signed in, but this needs a permission you do not have."],
  not_found: [404, "There is no such resource in this project."],
  method_not_allowed: [405, "This address does not support that method. The Allow header lists the supported methods."],
  conflict: [409, "Something with that name or in that state already exists."],
  payload_too_large: [413, "The request is larger than this server accepts, counted after decompression."],
  unsupported_media_type: [415, "This endpoint does not take that content type or content encoding."],
  misdirected_request: [421, "The Host header does not name this server. Add the name to TREADLE_ALLOWED_HOSTS."],
  unprocessable: [422, "The request is well formed, but the server cannot do what it requires."],
  rate_limited: [429, "Too many requests. Wait as long as the Retry-After header says."],
  quota_exceeded: [
    429,
    "A budget or quota of this project is spent. The message names it. Raise the limit, or wait until the period ends.",
  ],
  cancelled: [499, "The caller disconnected before the response was ready."],
  internal: [500, "The server failed. Find the request id in the server's log, next to the cause."],
  damaged_data: [
    500,
    "A part of the stored data is damaged and cannot be read. /readyz shows the part and the next step.",
  ],
  model_failed: [500, "The local model stopped while it was answering. It is being restarted; send the request again."],
  provider_failed: [502, "No provider could answer. `details` lists each attempt."],
  unavailable: [503, "A store that this request needs is unavailable. Try again shortly. /readyz shows which store."],
  overloaded: [503, "The server is overloaded. Try again after a short wait."],
  provider_timeout: [504, "The provider did not answer in time."],
  insufficient_storage: [
    507,
    "The disk is full, so the server cannot store new data. Free some space. The server then recovers by itself.",
  ],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** The body of every error response, except on routes in the format of another API. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string().optional(),
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
