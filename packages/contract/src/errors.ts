import { z } from "zod";

/** Every error the API can return: its status, and the sentence a person reads when nothing more exact is known. */
export const ERRORS = {
  invalid_request: [400, "The request is not valid; `details` says which field and why."],
  unauthorized: [
    401,
    "The API key or the session is missing, wrong or revoked. Send `Authorization: Bearer tr_…` or sign in.",
  ],
  forbidden: [403, "You are signed in, but this needs a permission you do not have."],
  not_found: [404, "There is no such resource in this project."],
  method_not_allowed: [
    405,
    "This address exists, but it does not take that method; the Allow header lists those it takes.",
  ],
  conflict: [409, "Something with that name or in that state already exists."],
  payload_too_large: [413, "The request is larger than this server accepts, counted after decompression."],
  unsupported_media_type: [415, "This endpoint does not take that content type or content encoding."],
  misdirected_request: [421, "The Host header does not name this server. Add the name to TREADLE_ALLOWED_HOSTS."],
  unprocessable: [422, "The request is well formed, but what it asks for cannot be done."],
  rate_limited: [429, "Too many requests. Wait as long as the Retry-After header says."],
  cancelled: [499, "The caller went away before the answer was ready."],
  internal: [500, "Something broke on our side. The request id is in the server's log beside the cause."],
  model_failed: [500, "The local model stopped while it was answering. It is being restarted; send the request again."],
  provider_failed: [502, "No provider could answer; `details` lists each try."],
  unavailable: [503, "A store this needs is not available right now. Try again shortly; /readyz says which one."],
  overloaded: [503, "The server has as much work as it can hold. Try again after a short wait."],
  provider_timeout: [504, "The provider did not answer in time."],
  insufficient_storage: [
    507,
    "The disk is full, so nothing new can be kept. Free some space; the server recovers by itself.",
  ],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** The body of every failed answer, except on routes that speak another API's wire format. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string().optional(),
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
