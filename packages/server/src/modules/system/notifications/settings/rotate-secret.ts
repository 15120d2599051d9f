import type { ChannelWithSecret } from "@treadle/contract";
import { HOUR_MS } from "../../../../kernel/day.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { newSigningSecret } from "../channels/sign-webhook.ts";
import { type ChannelRow, createChannelStore } from "../stores/channel-store.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import { getChannel } from "./get-channel.ts";
import { createPresentation, type Presenting } from "./present-channel.ts";
import type { SecretBox } from "./secret-box.ts";

const MAX_SECRETS = 5;

type Deps = Presenting & Pick<NotificationsDeps, "audit">;

/** The new secret signs from now on, and each old one until its time. */
export function createSecretRotation(deps: Deps) {
  const { db, audit } = deps;
  const { presentOne } = createPresentation(deps);
  return async function rotateSecret(
    scope: Scope,
    channelId: string,
    overlapHours: number,
  ): Promise<ChannelWithSecret> {
    const secret = newSigningSecret();
    const row = await db.transaction(async (tx) => {
      const updated = await addSecret(tx, await getChannel(tx, scope, channelId), { ...deps, secret, overlapHours });
      const details = { name: updated.name, overlapHours };
      await audit.record(scope, { action: "notification-channel.rotate-secret", target: channelId, details }, tx);
      return updated;
    });
    return { ...(await presentOne(row)), secret };
  };
}

type Adding = Pick<Deps, "box" | "clock"> & { readonly secret: string; readonly overlapHours: number };

async function addSecret(tx: Postgres, channel: ChannelRow, { box, clock, secret, overlapHours }: Adding) {
  const { id, projectId, name, settings } = channel;
  if (settings.kind !== "webhook")
    throw new AppError("unprocessable", { message: `Only webhooks have a signing secret. "${name}" is not one.` });
  const now = clock.now();
  const old = oldSecrets(box, channel, { now, until: now + overlapHours * HOUR_MS });
  const signing = [{ value: secret, until: null }, ...old].slice(0, MAX_SECRETS);
  const changes = { sealedSecrets: box.seal(id, { signing }), updatedAt: new Date(now) };
  const updated = await createChannelStore(tx).update(projectId, id, changes);
  if (!updated) throw notFound("notification channel", id);
  return updated;
}

type Overlap = { readonly now: number; readonly until: number };

const oldSecrets = (box: SecretBox, channel: ChannelRow, { now, until }: Overlap) =>
  (box.open(channel).signing ?? [])
    .map((one) => ({ value: one.value, until: Math.min(one.until ?? until, until) }))
    .filter((one) => one.until > now);
