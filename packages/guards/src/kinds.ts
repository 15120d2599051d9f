import { PERSONAL_PATTERNS } from "./personal/personal-patterns.ts";
import { SECRET_PATTERNS } from "./secrets/secret-patterns.ts";

const OTHERS: Readonly<Record<string, string>> = {
  canary: "Canary of the system prompt",
  "system-prompt": "Part of the system prompt",
  "tag-characters": "Tag characters",
  "direction-controls": "Direction controls",
  "zero-width": "Zero-width characters",
  "variation-selectors": "Variation selectors",
  link: "Link to another host",
  image: "Image from another host",
  "image-with-data": "Image address with data",
  "look-alike-host": "Look-alike host",
  "punycode-host": "Punycode host",
  person: "Name of a person",
  place: "Name of a place",
  word: "Listed word",
  competitor: "Competitor",
  profanity: "Profanity",
  insult: "Insult",
  hate: "Hate",
  threat: "Threat",
  sexual: "Sexual word",
  "self-harm": "Self-harm",
  "code-block": "Code block",
  script: "Script",
  "invalid-json": "Invalid JSON",
  "schema-mismatch": "JSON that does not fit the schema",
  "repaired-json": "Repaired JSON",
  "tool-not-allowed": "Tool that is not allowed",
  "tool-arguments": "Arguments that are not allowed",
  "denied-topic": "Denied topic",
  "off-topic": "Topic that is not allowed",
  language: "Language that is not allowed",
  "ungrounded-number": "Number without a source",
  "ungrounded-sentence": "Sentence without a source",
  "too-many-characters": "Too many characters",
  "too-few-characters": "Too few characters",
  "too-many-tokens": "Too many tokens",
};

/** The label of each kind of finding. Kinds of users' patterns are their names and have none. */
export const KIND_LABELS: Readonly<Record<string, string>> = {
  ...OTHERS,
  ...Object.fromEntries([...SECRET_PATTERNS, ...PERSONAL_PATTERNS].map(({ kind, label }) => [kind, label])),
};
