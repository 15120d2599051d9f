import { byPattern, type Pattern } from "../patterns/pattern.ts";

type Rule = Parameters<typeof byPattern>[0] & { readonly hints?: readonly string[] };
const secret = (kind: string, label: string, { hints = [], ...rule }: Rule): Pattern => ({
  kind,
  group: "secret",
  label,
  anchor: "anywhere",
  hints,
  find: byPattern(rule),
});

/** Bits for each sign. A word has about three and a half, a random one of letters and digits more than four. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((sum, times) => sum - (times / text.length) * Math.log2(times / text.length), 0);
}

/** Placeholders that look like secrets. */
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|your|example|changeme|placeholder|password|secret|redacted|none|null|undefined|true|false|<|\$\{|\{\{|%|\[)/i;
const isRandom = (value: string) =>
  !PLACEHOLDER.test(value) && entropyOf(value) >= 3.2 && /\d/.test(value) && /[a-z]/i.test(value);
const isNoPlaceholder = (value: string) => !PLACEHOLDER.test(value);

/** Keys and passwords: recognised by the issuer's prefix, or else by the word before them and their randomness. */
export const SECRET_PATTERNS: readonly Pattern[] = [
  secret("private-key", "Private key", {
    hints: ["PRIVATE KEY"],
    pattern:
      /-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,8000}-----END [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----/g,
  }),
  secret("aws-access-key", "AWS access key", {
    pattern: /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])/g,
  }),
  secret("aws-secret-key", "AWS secret key", {
    pattern: /aws.{0,20}?(?:secret|key).{0,20}?[=:\s"']{1,6}(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    isValid: isRandom,
  }),
  secret("github-token", "GitHub token", {
    pattern: /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?!\w)/g,
  }),
  secret("gitlab-token", "GitLab token", {
    hints: ["gl"],
    pattern: /(?<!\w)gl(?:pat|ptt|dt|rt)-[\w-]{20,64}(?![\w-])/g,
  }),
  secret("anthropic-key", "Anthropic key", { hints: ["sk-ant-"], pattern: /(?<!\w)sk-ant-[\w-]{20,200}(?![\w-])/g }),
  secret("openai-key", "OpenAI key", {
    hints: ["sk-"],
    pattern: /(?<![\w-])sk-(?!ant-)(?:(?:proj|svcacct|admin)-)?[A-Za-z0-9_-]{20,200}(?![\w-])/g,
    isValid: isRandom,
  }),
  secret("google-key", "Google API key", {
    hints: ["AIza", "GOCSPX-"],
    pattern: /(?<!\w)(?:AIza[\w-]{35}|GOCSPX-[\w-]{28})(?![\w-])/g,
  }),
  secret("slack-token", "Slack token or webhook", {
    hints: ["xox", "xapp-", "hooks.slack.com"],
    pattern:
      /(?<!\w)(?:xox[abeoprs]-[\w-]{10,250}|xapp-\d-[\w-]{20,250}|https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,100})/g,
  }),
  secret("stripe-key", "Stripe key", {
    hints: ["_live_", "_test_", "whsec_"],
    pattern: /(?<!\w)(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,120}|whsec_[A-Za-z0-9]{24,64})(?!\w)/g,
  }),
  secret("twilio-key", "Twilio key", { pattern: /(?<!\w)(?:AC|SK)[0-9a-f]{32}(?!\w)/g }),
  secret("sendgrid-key", "SendGrid key", {
    hints: ["SG."],
    pattern: /(?<!\w)SG\.[\w-]{16,32}\.[\w-]{32,64}(?![\w-])/g,
  }),
  secret("npm-token", "npm token", { hints: ["npm_"], pattern: /(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)/g }),
  secret("pypi-token", "PyPI token", { hints: ["pypi-"], pattern: /(?<!\w)pypi-AgE[\w-]{50,250}/g }),
  secret("hugging-face-token", "Hugging Face token", {
    hints: ["hf_"],
    pattern: /(?<!\w)hf_[A-Za-z0-9]{30,40}(?!\w)/g,
  }),
  secret("treadle-key", "Treadle key", { hints: ["tr_"], pattern: /(?<!\w)tr_[\w-]{43}(?![\w-])/g }),
  secret("telegram-token", "Telegram bot token", { hints: [":AA"], pattern: /(?<!\w)\d{8,10}:AA[\w-]{33}(?![\w-])/g }),
  secret("azure-key", "Azure storage key", {
    hints: ["AccountKey="],
    pattern: /AccountKey=(?<value>[A-Za-z0-9+/]{86}==)/g,
  }),
  secret("jwt", "JSON web token", {
    hints: ["eyJ"],
    pattern: /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{16,1000}/g,
  }),
  secret("password-in-address", "Password in a URL", {
    hints: ["://"],
    pattern: /(?<!\w)[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>]{1,80}:(?<value>[^\s/@"'<>]{3,120})@/gi,
    isValid: isNoPlaceholder,
  }),
  secret("bearer-token", "Bearer token", {
    pattern: /\bBearer\s{1,4}(?<value>[\w.~+/-]{20,2000}={0,2})/gi,
    isValid: isRandom,
  }),
  secret("password", "Password or key by field name", {
    pattern:
      /\b(?:api[_-]?key|apikey|secret|client[_-]?secret|access[_-]?token|auth[_-]?token|passw(?:or)?d|pwd)["']?\s{0,3}(?:[:=]|:=|=>)\s{0,3}["']?(?<value>[^\s"',;]{8,200})/gi,
    isValid: isRandom,
  }),
];
