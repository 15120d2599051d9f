import { ChannelTarget } from "@treadle/contract";
import type { Kind } from "./channel-words.ts";
import type { Channel } from "./use-notifications.ts";

/** The fields of all kinds as they are typed. Stored secrets are empty. */
export type TargetDraft = {
  readonly kind: Kind;
  readonly url: string;
  readonly secret: string;
  readonly routingKey: string;
  readonly host: string;
  readonly port: string;
  readonly security: "tls" | "starttls" | "none";
  readonly username: string;
  readonly password: string;
  readonly from: string;
  readonly to: string;
};

const EMPTY: TargetDraft = {
  kind: "slack",
  url: "",
  secret: "",
  routingKey: "",
  host: "",
  port: "587",
  security: "starttls",
  username: "",
  password: "",
  from: "",
  to: "",
};

export function draftOf(settings: Channel["settings"] | undefined): TargetDraft {
  if (!settings) return EMPTY;
  const { kind } = settings;
  if (kind === "webhook" || kind === "pagerduty") return { ...EMPTY, kind, url: settings.url };
  if (kind !== "email") return { ...EMPTY, kind };
  const { host, port, security, username, from, to } = settings;
  return { ...EMPTY, kind, host, port: String(port), security, username, from, to: to.join(", ") };
}

/** The target of a draft, or the error of each field by its name. */
export function readDraft(
  draft: TargetDraft,
): { target: ChannelTarget } | { errors: Readonly<Record<string, string>> } {
  const result = ChannelTarget.safeParse(inputOf(draft));
  if (result.success) return { target: result.data };
  const errors = result.error.issues.map(({ path, message }) => [String(path[0] ?? "url"), message]);
  return { errors: Object.fromEntries(errors) };
}

const given = (text: string) => (text.trim() === "" ? undefined : text.trim());

function inputOf({ kind, url, secret, routingKey, ...mail }: TargetDraft): object {
  switch (kind) {
    case "webhook":
      return { kind, url, secret: given(secret) };
    case "slack":
    case "teams":
      return { kind, url: given(url) };
    case "pagerduty":
      return { kind, url: given(url), routingKey: given(routingKey) };
    case "email": {
      const { host, port, security, username, password, from, to } = mail;
      const recipients = to.split(/[\s,;]+/).filter((address) => address !== "");
      const sender = { host, port: Number(port), security, username, from };
      return { kind, ...sender, to: recipients, password: password === "" ? undefined : password };
    }
    default:
      return kind satisfies never;
  }
}
