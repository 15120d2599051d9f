import { hash } from "node:crypto";

/** The headers a credential can come in: ours and OpenAI's, Anthropic's, Langfuse's (user and password), the browser's. */
export type Credentials = {
  readonly authorization?: string;
  readonly "x-api-key"?: string | readonly string[];
  readonly cookie?: string;
  readonly "x-treadle-project"?: string | readonly string[];
};

const SESSION_COOKIE = "treadle_session";
const MAX_BASIC = 1_000;
const IS_KEY = /^[\x21-\x7e]{16,200}$/;
const IS_SESSION = /(?:^|;\s*)treadle_session=([\w-]{43})(?:;|$)/;

export const hashOf = (secret: string) => hash("sha256", secret, "hex");

/**
 * The API key from the request, or null. For Basic credentials, the password is the key, except together with a
 * session: those credentials are for a proxy in front of the server, and browsers send them along.
 */
export function keyOf({ authorization, "x-api-key": apiKey, cookie }: Credentials): string | null {
  if (authorization === undefined || authorization === "") return typeof apiKey === "string" ? apiKey : null;
  if (authorization.startsWith("Bearer ")) return authorization.slice("Bearer ".length);
  const space = authorization.indexOf(" ");
  const value = authorization.slice(space + 1);
  if (authorization.slice(0, space).toLowerCase() !== "basic") return value;
  if (sessionTokenOf(cookie) !== null) return null;
  const pair = Buffer.from(value.slice(0, MAX_BASIC), "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}

/** False for what can never be a key, so that no time is spent on it. */
export const isKeyShaped = (key: string) => IS_KEY.test(key);

export const sessionTokenOf = (cookie: string | undefined): string | null =>
  cookie === undefined ? null : (IS_SESSION.exec(cookie)?.[1] ?? null);

export function sessionCookie(
  token: string,
  { maxAgeSeconds, isHttps }: { maxAgeSeconds: number; isHttps: boolean },
): string {
  const parts = [`${SESSION_COOKIE}=${token}`, "Path=/", "HttpOnly", "SameSite=Strict", `Max-Age=${maxAgeSeconds}`];
  return [...parts, ...(isHttps ? ["Secure"] : [])].join("; ");
}
