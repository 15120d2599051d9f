import type { ChannelInput, ChannelPatch, ChannelWithSecret, NotificationChannel } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { SealedSecret } from "../../../../platform/secrets/port.ts";
import { type ChannelRow, createChannelStore, listSomeChannels } from "../stores/channel-store.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import { forgetChannel } from "./forget-channel.ts";
import { getChannel } from "./get-channel.ts";
import { createPresentation } from "./present-channel.ts";
import { type ReadTarget, readTarget } from "./read-target.ts";
import { createSecretRotation } from "./rotate-secret.ts";
import { type SecretBox, secretContextOf } from "./secret-box.ts";

const MAX_CHANNELS = 20;

/** The newest stored secrets of channels of all projects, sealed. */
export async function listSealedChannelSecrets(db: Postgres): Promise<SealedSecret[]> {
  const rows = await listSomeChannels(db);
  return rows.map(({ id, sealedSecrets }) => ({ value: sealedSecrets, context: secretContextOf(id) }));
}

type Deps = Pick<NotificationsDeps, "db" | "audit" | "outbound" | "clock"> & { readonly box: SecretBox };

/** The channels of a project: each change is one transaction with its audit entry. */
export function createChannels(deps: Deps) {
  const { present, presentOne, count } = createPresentation(deps);
  return {
    rotateSecret: createSecretRotation(deps),
    async list({ projectId }: Scope): Promise<NotificationChannel[]> {
      const counts = await count(projectId);
      return (await createChannelStore(deps.db).list(projectId)).map((row) => present(row, counts.get(row.id)));
    },
    async create(scope: Scope, { target, ...input }: ChannelInput): Promise<ChannelWithSecret> {
      const read = readTarget(target, null);
      if (read.url !== null) await deps.outbound.checkUrl(read.url);
      const row = toRow(scope.projectId, input, { read, box: deps.box, now: deps.clock.now() });
      await addChannel(deps, scope, row);
      return { ...present(row, undefined), secret: read.created };
    },
    update: async (scope: Scope, channelId: string, patch: ChannelPatch): Promise<NotificationChannel> =>
      presentOne(await updateChannel(deps, scope, { channelId, ...patch })),
    delete: (scope: Scope, channelId: string): Promise<void> => deleteChannel(deps, scope, channelId),
  };
}

const addChannel = ({ db, audit }: Deps, scope: Scope, row: ChannelRow): Promise<void> =>
  db.transaction(async (tx) => {
    const store = createChannelStore(tx);
    if ((await store.list(scope.projectId)).length >= MAX_CHANNELS)
      throw new AppError("unprocessable", {
        message: `A project has at most ${MAX_CHANNELS} notification channels. Delete one first.`,
      });
    await store.create(row);
    const details = { name: row.name, kind: row.settings.kind };
    await audit.record(scope, { action: "notification-channel.create", target: row.id, details }, tx);
  });

type Update = ChannelPatch & { readonly channelId: string };

async function updateChannel(deps: Deps, scope: Scope, { channelId, target, ...patch }: Update): Promise<ChannelRow> {
  const { db, audit, clock, box } = deps;
  const known = await getChannel(db, scope, channelId);
  const read = target && readTarget(target, { settings: known.settings, secrets: box.open(known) });
  if (read && read.url !== null) await deps.outbound.checkUrl(read.url);
  const sealed = read && { settings: read.settings, sealedSecrets: box.seal(known.id, read.secrets) };
  // A person who changes or enables a channel expects an immediate attempt.
  const fresh = { pausedUntil: null, disabledReason: "", lastError: "" };
  const changes = { ...patch, ...sealed, ...fresh, updatedAt: new Date(clock.now()) };
  return db.transaction(async (tx) => {
    const updated = await createChannelStore(tx).update(scope.projectId, channelId, changes);
    if (!updated) throw notFound("notification channel", channelId);
    const fields = [...Object.keys(patch), ...(target ? ["target"] : [])];
    const details = { name: updated.name, fields };
    await audit.record(scope, { action: "notification-channel.update", target: channelId, details }, tx);
    return updated;
  });
}

const deleteChannel = ({ db, audit, clock }: Deps, scope: Scope, channelId: string): Promise<void> =>
  db.transaction(async (tx) => {
    const row = await createChannelStore(tx).delete(scope.projectId, channelId);
    if (!row) throw notFound("notification channel", channelId);
    await forgetChannel(tx, scope.projectId, { channelId, now: new Date(clock.now()) });
    const details = { name: row.name };
    await audit.record(scope, { action: "notification-channel.delete", target: channelId, details }, tx);
  });

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
