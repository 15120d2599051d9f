import type {
  ChannelInput,
  ChannelPatch,
  ChannelSettings,
  ChannelWithSecret,
  NotificationChannel,
} from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { SealedSecret } from "../../../../platform/secrets/port.ts";
import { newSigningSecret } from "../channels/sign-webhook.ts";
import { type ChannelRow, createChannelStore, listSomeChannels } from "../stores/channel-store.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import type { ChannelSecrets } from "../stores/stored-settings.ts";
import { forgetChannel } from "./forget-channel.ts";
import { type ReadTarget, readTarget } from "./read-target.ts";
import { type SecretBox, secretContextOf } from "./secret-box.ts";

const MAX_CHANNELS = 20;
const MAX_SECRETS = 5;
const HOUR_MS = 3_600_000;

/** The newest stored secrets of channels of all projects, sealed. */
export async function listSealedChannelSecrets(db: Postgres): Promise<SealedSecret[]> {
  const rows = await listSomeChannels(db);
  return rows.map(({ id, sealedSecrets }) => ({ value: sealedSecrets, context: secretContextOf(id) }));
}

type Counts = { readonly waiting: number; readonly dead: number };
type Deps = Pick<NotificationsDeps, "db" | "audit" | "outbound" | "clock"> & { readonly box: SecretBox };

export async function getChannel(db: Postgres, scope: Scope, channelId: string): Promise<ChannelRow> {
  const row = await createChannelStore(db).find(scope.projectId, channelId);
  if (!row) throw notFound("notification channel", channelId);
  return row;
}

/** The channels of a project: each change is one transaction with its audit entry. */
export function createChannels(deps: Deps) {
  const { db, audit, clock, box } = deps;
  const { present, presentOne, count } = createPresentation(deps);
  return {
    ...createSecretRotation(deps),
    async list({ projectId }: Scope): Promise<NotificationChannel[]> {
      const counts = await count(projectId);
      return (await createChannelStore(db).list(projectId)).map((row) => present(row, counts.get(row.id)));
    },
    async create(scope: Scope, { target, ...input }: ChannelInput): Promise<ChannelWithSecret> {
      const read = readTarget(target, null);
      if (read.url !== null) await deps.outbound.checkUrl(read.url);
      const row = toRow(scope.projectId, input, { read, box, now: clock.now() });
      await db.transaction(async (tx) => {
        const store = createChannelStore(tx);
        if ((await store.list(scope.projectId)).length >= MAX_CHANNELS)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MAX_CHANNELS} notification channels. Delete one first.`,
          });
        await store.create(row);
        const details = { name: row.name, kind: target.kind };
        await audit.record(scope, { action: "notification-channel.create", target: row.id, details }, tx);
      });
      return { ...present(row, undefined), secret: read.created };
    },
    async update(scope: Scope, channelId: string, { target, ...patch }: ChannelPatch): Promise<NotificationChannel> {
      const known = await getChannel(db, scope, channelId);
      const read = target && readTarget(target, { settings: known.settings, secrets: box.open(known) });
      if (read && read.url !== null) await deps.outbound.checkUrl(read.url);
      const sealed = read && { settings: read.settings, sealedSecrets: box.seal(known.id, read.secrets) };
      // A person who changes or enables a channel expects an immediate attempt.
      const fresh = { pausedUntil: null, disabledReason: "", lastError: "" };
      const changes = { ...patch, ...sealed, ...fresh, updatedAt: new Date(clock.now()) };
      const row = await db.transaction(async (tx) => {
        const updated = await createChannelStore(tx).update(scope.projectId, channelId, changes);
        if (!updated) throw notFound("notification channel", channelId);
        const fields = [...Object.keys(patch), ...(target ? ["target"] : [])];
        const details = { name: updated.name, fields };
        await audit.record(scope, { action: "notification-channel.update", target: channelId, details }, tx);
        return updated;
      });
      return presentOne(row);
    },
    async delete(scope: Scope, channelId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const row = await createChannelStore(tx).delete(scope.projectId, channelId);
        if (!row) throw notFound("notification channel", channelId);
        await forgetChannel(tx, scope.projectId, { channelId, now: new Date(clock.now()) });
        const details = { name: row.name };
        await audit.record(scope, { action: "notification-channel.delete", target: channelId, details }, tx);
      });
    },
  };
}

function createSecretRotation(deps: Deps) {
  const { db, audit, clock, box } = deps;
  const { presentOne } = createPresentation(deps);
  return {
    /** The new secret signs from now on, and each old one until its time. */
    async rotateSecret(scope: Scope, channelId: string, overlapHours: number): Promise<ChannelWithSecret> {
      const now = clock.now();
      const secret = newSigningSecret();
      const row = await db.transaction(async (tx) => {
        const known = await getChannel(tx, scope, channelId);
        if (known.settings.kind !== "webhook")
          throw new AppError("unprocessable", {
            message: `Only webhooks have a signing secret. "${known.name}" is not one.`,
          });
        const until = now + overlapHours * HOUR_MS;
        const old = (box.open(known).signing ?? [])
          .map((one) => ({ value: one.value, until: Math.min(one.until ?? until, until) }))
          .filter((one) => one.until > now);
        const signing = [{ value: secret, until: null }, ...old].slice(0, MAX_SECRETS);
        const changes = { sealedSecrets: box.seal(channelId, { signing }), updatedAt: new Date(now) };
        const updated = await createChannelStore(tx).update(scope.projectId, channelId, changes);
        if (!updated) throw notFound("notification channel", channelId);
        const details = { name: updated.name, overlapHours };
        await audit.record(scope, { action: "notification-channel.rotate-secret", target: channelId, details }, tx);
        return updated;
      });
      return { ...(await presentOne(row)), secret };
    },
  };
}

function createPresentation({ db, box, clock }: Deps) {
  const count = async (projectId: string) => {
    const counts = await createChannelStore(db).countMessages(projectId);
    return new Map(counts.map(({ channelId, ...rest }) => [channelId, rest]));
  };
  const present = (row: ChannelRow, counts: Counts | undefined): NotificationChannel => ({
    channelId: row.id,
    name: row.name,
    settings: settingsOf(row, { secrets: box.open(row), now: clock.now() }),
    perMinute: row.perMinute,
    isEnabled: row.isEnabled,
    disabledReason: row.disabledReason,
    waiting: counts?.waiting ?? 0,
    dead: counts?.dead ?? 0,
    lastDeliveredAt: row.lastDeliveredAt?.toISOString() ?? null,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
  const presentOne = async (row: ChannelRow) => present(row, (await count(row.projectId)).get(row.id));
  return { count, present, presentOne };
}

type Opened = { readonly secrets: ChannelSecrets; readonly now: number };

function settingsOf({ settings }: ChannelRow, { secrets, now }: Opened): ChannelSettings {
  if (settings.kind === "webhook") {
    const signing = (secrets.signing ?? []).filter(({ until }) => until === null || until > now);
    return { ...settings, secrets: signing.length };
  }
  return settings.kind === "email" ? { ...settings, hasPassword: secrets.password !== undefined } : settings;
}

type Making = { readonly read: ReadTarget; readonly box: SecretBox; readonly now: number };

function toRow(projectId: string, input: Omit<ChannelInput, "target">, { read, box, now }: Making): ChannelRow {
  const id = newId("chan", now);
  return {
    id,
    projectId,
    ...input,
    settings: read.settings,
    sealedSecrets: box.seal(id, read.secrets),
    disabledReason: "",
    pausedUntil: null,
    lastDeliveredAt: null,
    lastError: "",
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}
