import type { Route } from "@treadle/contract";

export const JSON_TYPE = "application/json; charset=utf-8";

/** Headers of every API response. Anthropic's clients read the request id under another name. */
export function headersOf(requestId: string, wire?: Route["wire"]): Readonly<Record<string, string>> {
  const common = { "x-request-id": requestId, "x-content-type-options": "nosniff", "cache-control": "no-store" };
  return wire === "anthropic" ? { ...common, "request-id": requestId } : common;
}

/** Scripts only from our own files; styles also inline, since the components set them; pictures and sounds that a page holds; nothing from other sites. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of every file of the web app. */
export const WEB_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};
