import type { Connection } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Preset } from "./presets.ts";

/** Headers that are a secret, or that belong to the request itself. */
const RESERVED = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "x-amz-security-token",
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
  "accept-encoding",
]);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

const invalid = (field: string, message: string) =>
  new AppError("invalid_request", { message: `body.${field}: ${message}`, details: { param: field } });

/** Throws `invalid_request` for a header that would hold a secret, change the request's shape, or not be a header. */
export function checkHeaders(headers: Connection["headers"]): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw invalid("headers", `"${name}" is not a valid header name.`);
    if (RESERVED.has(name.toLowerCase())) {
      throw invalid(
        "headers",
        `The header "${name}" cannot be set here. Put secrets into \`keys\`, which are encrypted and never returned.`,
      );
    }
    if (!PRINTABLE.test(value))
      throw invalid("headers", `the value of "${name}" contains characters that a header must not contain.`);
  }
}

/**
 * The canonical base URL with the region inserted. Throws `invalid_request` if there is none or it contains a query.
 */
export function toBaseUrl(given: string | undefined, preset: Preset, region: string | null): string {
  const template = given ?? preset.baseUrl;
  if (template === "")
    throw invalid("baseUrl", `${preset.label} has no default address. Enter the address of your server or resource.`);
  if (template.includes("{region}") && !region)
    throw invalid("region", `${preset.label} needs a region, such as us-east-1.`);
  if (region && !/^[a-z0-9-]+$/.test(region)) throw invalid("region", "use lower-case letters, digits and hyphens.");
  const url = template.replaceAll("{region}", region ?? "").replace(/\/+$/, "");
  if (!URL.canParse(url)) throw invalid("baseUrl", "it is not a valid URL.");
  const { search, hash } = new URL(url);
  if (search || hash)
    throw invalid("baseUrl", "it must not contain `?` or `#`; the path of each call is appended to it.");
  return url;
}

/** The scope of a key: another scheme, host or port is another server, and gets no stored key. */
export const originOf = (baseUrl: string) => new URL(baseUrl).origin;
