import type { Channel } from "./use-notifications.ts";

export type Kind = Channel["settings"]["kind"];
export const KINDS = ["webhook", "slack", "teams", "email", "pagerduty"] as const satisfies readonly Kind[];

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  webhook: "Webhook",
  slack: "Slack",
  teams: "Microsoft Teams",
  email: "E-mail",
  pagerduty: "PagerDuty",
};

/** Where a channel sends to, without its secrets. */
export function addressOf(settings: Channel["settings"]): string {
  switch (settings.kind) {
    case "slack":
    case "teams":
      return settings.host;
    case "email":
      return `${settings.to.join(", ")} by ${settings.host}:${settings.port}`;
    case "webhook":
    case "pagerduty":
      return settings.url;
    default:
      return settings satisfies never;
  }
}
