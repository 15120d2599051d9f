import { AppError } from "../../../kernel/errors.ts";

/** Headers that belong to the request itself. */
const RESERVED = new Set([
  "host",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  "connection",
  "upgrade",
  "expect",
  "te",
  "trailer",
  "keep-alive",
]);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws `invalid_request` for what cannot be a header of a request that carries spans. The value is never in the message. */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw invalid(`"${name}" is not a valid header name.`);
    if (RESERVED.has(name.toLowerCase()))
      throw invalid(`"${name}" cannot be set, because Treadle sets it for each request.`);
    if (!PRINTABLE.test(value))
      throw invalid(`the value of "${name}" contains characters that a header must not contain.`);
  }
}

const invalid = (message: string) =>
  new AppError("invalid_request", { message: `body.headers: ${message}`, details: { param: "headers" } });
