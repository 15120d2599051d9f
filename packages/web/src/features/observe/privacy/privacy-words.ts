import type { PrivacyBody } from "./use-privacy.ts";

export const FIELD_WORDS: Readonly<Record<PrivacyBody["fields"][number], string>> = {
  inputs: "Inputs",
  outputs: "Outputs",
  "tool-arguments": "Tool arguments",
  "tool-results": "Tool results",
  attributes: "Attributes and parameters",
  metadata: "Metadata and tags",
  events: "Events",
  errors: "Error messages",
  names: "Names and services",
  "user-id": "User ids",
  "session-id": "Session ids",
  feedback: "Feedback and score comments",
};

export const GROUP_WORDS = {
  email: "E-mail addresses",
  phone: "Phone numbers",
  card: "Card numbers",
  iban: "IBANs",
  "ip-address": "IP addresses",
  "national-id": "Identity numbers",
  "date-of-birth": "Dates of birth",
} as const;
export type PersonalGroup = keyof typeof GROUP_WORDS;
export const PERSONAL_GROUPS = Object.keys(GROUP_WORDS) as readonly PersonalGroup[];
