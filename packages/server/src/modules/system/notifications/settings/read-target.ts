import type { ChannelTarget } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newSigningSecret } from "../channels/sign-webhook.ts";
import type { ChannelSecrets, StoredSettings } from "../stores/stored-settings.ts";

export type Known = { readonly settings: StoredSettings; readonly secrets: ChannelSecrets };
/** `url` is checked before it is stored. `created` is a signing secret that the caller must see once. */
export type ReadTarget = Known & { readonly url: string | null; readonly created: string | null };

/**
 * Splits a target into plain settings and secrets. A secret that is left out is the stored one, as long as the receiver is the
 * same: a stored secret must never go to a host that another person chose.
 */
export function readTarget(target: ChannelTarget, known: Known | null): ReadTarget {
  if (known && known.settings.kind !== target.kind)
    throw invalid("kind", "a channel keeps its kind. Create a new channel instead");
  switch (target.kind) {
    case "webhook":
      return readWebhook(target, known);
    case "slack":
    case "teams":
      return readSecretUrl(target, known);
    case "email":
      return readMail(target, known);
    case "pagerduty":
      return readPagerDuty(target, known);
    default:
      throw new Error(`unknown channel ${String(target satisfies never)}`);
  }
}

type Of<Kind extends ChannelTarget["kind"]> = Extract<ChannelTarget, { kind: Kind }>;

function readWebhook({ url, secret }: Of<"webhook">, known: Known | null): ReadTarget {
  const stored = secret === undefined ? known?.secrets.signing : undefined;
  const created = secret === undefined && stored === undefined ? newSigningSecret() : null;
  const signing = stored ?? [{ value: secret ?? created ?? "", until: null }];
  return { settings: { kind: "webhook", url: checked("url", url) }, secrets: { signing }, url, created };
}

function readSecretUrl({ kind, url: given }: Of<"slack" | "teams">, known: Known | null): ReadTarget {
  const url = given ?? known?.secrets.url;
  if (url === undefined) throw invalid("url", "enter the URL of the webhook");
  return { settings: { kind, host: new URL(checked("url", url)).host }, secrets: { url }, url, created: null };
}

function readMail({ password: given, ...settings }: Of<"email">, known: Known | null): ReadTarget {
  const before = known?.settings.kind === "email" ? known.settings : null;
  const isSame =
    before?.host === settings.host && before.port === settings.port && before.username === settings.username;
  const isWeaker = before?.security !== "none" && settings.security === "none";
  const password = given ?? (isSame && !isWeaker ? known?.secrets.password : undefined);
  if (settings.username !== "" && password === undefined)
    throw invalid("password", "enter the password of this user and server");
  if (settings.username !== "" && settings.security === "none")
    throw invalid("security", "a password is only sent over an encrypted connection. Use tls or starttls");
  return { settings, secrets: settings.username === "" ? {} : { password }, url: null, created: null };
}

function readPagerDuty({ url, routingKey: given }: Of<"pagerduty">, known: Known | null): ReadTarget {
  const before = known?.settings.kind === "pagerduty" ? known.settings.url : null;
  const origin = new URL(checked("url", url)).origin;
  const isSame = before !== null && new URL(before).origin === origin;
  const routingKey = given ?? (isSame ? known?.secrets.routingKey : undefined);
  if (routingKey === undefined) throw invalid("routingKey", "enter the integration key");
  return { settings: { kind: "pagerduty", url }, secrets: { routingKey }, url, created: null };
}

function checked(field: string, url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol !== "https:" && protocol !== "http:") throw invalid(field, "enter an address such as https://host/path");
  return url;
}

const invalid = (field: string, problem: string) =>
  new AppError("invalid_request", {
    message: `body.target.${field}: ${problem}.`,
    details: { param: `target.${field}` },
  });
