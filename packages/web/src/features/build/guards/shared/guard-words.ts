import type { GuardRule, GuardTrust, GuardVerdict } from "@treadle/contract";

type Action = GuardRule["action"];

type Words = { readonly label: string; readonly words: string };

/** The sources of texts, in the order of a conversation. */
export const TRUST_WORDS: Readonly<Record<GuardTrust, Words>> = {
  system: { label: "System", words: "System and developer messages, instructions" },
  user: { label: "User", words: "User messages, prompts, inputs of embeddings" },
  retrieved: { label: "Documents", words: "Documents and search results in Anthropic's messages" },
  "tool-result": { label: "Tool results", words: "What tools return to the model" },
  "tool-arguments": { label: "Tool arguments", words: "What the model sends to tools, in requests and answers" },
  output: { label: "Answers", words: "The model's answers, and earlier answers in a conversation" },
};

/** The actions, the weakest first, and their effect. */
export const ACTION_WORDS: Readonly<Record<Action, Words>> = {
  observe: {
    label: "Observe",
    words: "The finding is recorded, and the text does not change. Use it to see how often a rule matches.",
  },
  flag: {
    label: "Flag",
    words: "The finding is recorded and marks the call, and the text does not change. Use it for calls to review.",
  },
  mask: {
    label: "Mask",
    words: "A placeholder such as <EMAIL_1> replaces the value. The caller sees the value again in the answer.",
  },
  redact: { label: "Redact", words: "The kind, such as [EMAIL], replaces the value. The value cannot be restored." },
  reask: {
    label: "Ask again",
    words: "The model is asked once more, with a note that names what was found. The second answer is judged too.",
  },
  reroute: { label: "Reroute", words: "The request goes to another endpoint or model." },
  block: { label: "Block", words: "The request is rejected with status 400, or the answer is withheld." },
};

/** What an action did to a text. */
export const OUTCOME_WORDS: Readonly<Record<GuardVerdict["action"], string>> = {
  allow: "Nothing found",
  observe: "Observed",
  flag: "Flagged",
  mask: "Masked",
  redact: "Redacted",
  reask: "Asked again",
  reroute: "Rerouted",
  block: "Blocked",
};

export type Reason = keyof GuardRule["failure"];

/** Why content was not scanned. */
export const REASON_WORDS: Readonly<Record<Reason, Words>> = {
  "too-long": { label: "Too long", words: "A text has more than 100,000 characters." },
  failed: { label: "Detector failed", words: "The detector threw an error." },
  timeout: { label: "Too slow", words: "A service or a model did not answer in time." },
  "unknown-content": { label: "Not a text", words: "An image, a sound, a file, or numbers of tokens." },
};

/** The form of a text in which something was found. */
const VIEW_WORDS: Readonly<Record<string, string>> = {
  text: "as written",
  normalized: "in normalized text",
  base64: "in base64",
  hex: "in hex",
  url: "in percent signs",
  rot13: "in rotated letters",
  markup: "in hidden markup",
  tags: "in invisible tags",
};
export const viewWords = (view: string): string => VIEW_WORDS[view] ?? `in ${view}`;

export const trustLabel = (trust: string): string =>
  trust in TRUST_WORDS ? TRUST_WORDS[trust as GuardTrust].label : trust;

const STRENGTH = Object.keys(ACTION_WORDS);

/** The strongest of some actions; undefined for none. */
export const strongestOf = <Name extends Action>(actions: readonly Name[]): Name | undefined =>
  actions.toSorted((one, other) => STRENGTH.indexOf(other) - STRENGTH.indexOf(one))[0];

/** Words of kinds that are not written like ordinary words. */
const SPELLED: Readonly<Record<string, string>> = {
  "1password": "1Password",
  circleci: "CircleCI",
  digitalocean: "DigitalOcean",
  github: "GitHub",
  gitlab: "GitLab",
  ipv4: "IPv4",
  ipv6: "IPv6",
  npm: "npm",
  openai: "OpenAI",
  openrouter: "OpenRouter",
  planetscale: "PlanetScale",
  pypi: "PyPI",
  rubygems: "RubyGems",
  sendgrid: "SendGrid",
  xai: "xAI",
};
const CAPITALS =
  /^(aws|ip|iban|jwt|url|ssn|nir|nino|nhs|dni|bsn|nrn|svnr|egn|ahv|cpr|utr|amka|oib|pps|nip|nif|cnp|emso|cuit|tfn|rut|pan|rrn|curp|nric|ird|sin|cpf)$/;

const HYPHENATED: Readonly<Record<string, string>> = {
  "look-alike-host": "Look-alike host",
  "self-harm": "Self-harm",
  "zero-width": "Zero-width characters",
};

/** A kind of finding as words, such as `GitHub token`. The kinds of a person's patterns are their names. */
export function kindWords(kind: string, detector = ""): string {
  if (detector === "patterns") return kind;
  if (kind in HYPHENATED) return HYPHENATED[kind] ?? kind;
  const words = kind.split("-").map((word, place, all) => {
    const isCountry = place === 0 && all.length > 1 && word.length === 2;
    if (isCountry || CAPITALS.test(word)) return word.toUpperCase();
    return SPELLED[word] ?? (place === 0 ? capital(word) : word);
  });
  return words.join(" ");
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
