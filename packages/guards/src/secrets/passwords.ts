import type { Pattern } from "../patterns/pattern.ts";
import { isNoPlaceholder, isRandom, secret } from "./secret.ts";

/** Private keys and signed tokens, by their form. */
export const formedSecrets: readonly Pattern[] = [
  secret("private-key", "Private key", {
    hints: ["private key"],
    pattern:
      /-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----(?:(?:[^-]|-(?!----)){0,8000}-----END [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----|(?:\\n|\s){1,4}[A-Za-z0-9+/=\s]{60,8000})/g,
    isValid: (value) => !/-----\s*(?:\.{3}|…|<|\[)/.test(value),
  }),
  secret("jwt", "JSON web token", {
    hints: ["eyj"],
    pattern: /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{16,1000}/g,
  }),
];

/** Code in place of a value: a call, a type, a template. */
const EXPRESSION = /^[A-Za-z_$][\w$.]*[([)]|\$\{/;

const decode = (value: string) => Buffer.from(value, "base64").toString("latin1");

/** Passwords by the words before them. */
export const namedSecrets: readonly Pattern[] = [
  secret("password-in-address", "Password in a URL", {
    hints: ["://"],
    pattern: /(?<!\w)[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>]{1,80}:(?<value>[^\s/@"'<>]{3,120})@/gi,
    isValid: isNoPlaceholder,
  }),
  secret("password-in-connection", "Password in a connection string", {
    hints: ["password=", "pwd="],
    pattern:
      /\b(?:server|data source|host|user id|uid|database|initial catalog)\s?=[^;\n]{1,100};(?:[\w ]{1,30}=[^;\n]{0,100};){0,8}\s?(?:password|pwd)=(?<value>[^;\s"']{3,120})/gi,
    isValid: isNoPlaceholder,
  }),
  secret("basic-credentials", "Credentials of basic authentication", {
    hints: ["basic "],
    pattern: /\bBasic\s(?<value>[A-Za-z0-9+/]{12,400}={0,2})(?![\w+/=])/gi,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes that are no text are no name and password.
    isValid: (value) => /^[^:\x00-\x1f\x7f-\xff]{1,100}:[^\x00-\x1f\x7f-\xff]{1,200}$/.test(decode(value)),
  }),
  secret("bearer-token", "Bearer token", {
    hints: ["bearer"],
    pattern: /\bBearer\s{1,4}(?<value>[\w.~+/-]{20,2000}={0,2})/gi,
    isValid: isRandom,
  }),
  secret("password", "Password or key by field name", {
    hints: ["api_key", "api-key", "apikey", "secret", "_token", "-token", "stoken", "htoken", "passw", "pwd"],
    pattern:
      /\b(?:api[_-]?key|apikey|secret|client[_-]?secret|access[_-]?token|auth[_-]?token|passw(?:or)?d|pwd)["']?\s{0,3}(?:[:=]|:=|=>)\s{0,3}["']?(?<value>[^\s"',;]{8,200})/gi,
    isValid: (value) => isRandom(value) && !EXPRESSION.test(value),
  }),
];
