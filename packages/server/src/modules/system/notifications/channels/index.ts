import type { StoredSettings } from "../stores/stored-settings.ts";
import type { Channel, Means, Outcome, Outgoing, Target } from "./channel.ts";
import { email } from "./email.ts";
import { pagerduty } from "./pagerduty.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { webhook } from "./webhook.ts";

type Limits = Pick<Channel<StoredSettings>, "combines" | "gapMs">;
const KINDS = { webhook, slack, teams, email, pagerduty } as const;
/** How a kind limits messages. */
export const limitsOf = (kind: StoredSettings["kind"]): Limits => KINDS[kind];

/** Sends a message to a receiver of any kind. */
export function sendTo({ settings, secrets }: Target, message: Outgoing, means: Means): Promise<Outcome> {
  switch (settings.kind) {
    case "webhook":
      return webhook.send({ settings, secrets }, message, means);
    case "slack":
      return slack.send({ settings, secrets }, message, means);
    case "teams":
      return teams.send({ settings, secrets }, message, means);
    case "email":
      return email.send({ settings, secrets }, message, means);
    case "pagerduty":
      return pagerduty.send({ settings, secrets }, message, means);
    default:
      throw new Error(`unknown channel ${String(settings satisfies never)}`);
  }
}
