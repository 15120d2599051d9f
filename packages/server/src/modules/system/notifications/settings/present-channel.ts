import type { ChannelSettings, NotificationChannel } from "@treadle/contract";
import { type ChannelRow, createChannelStore } from "../stores/channel-store.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import type { ChannelSecrets } from "../stores/stored-settings.ts";
import type { SecretBox } from "./secret-box.ts";

type Counts = { readonly waiting: number; readonly dead: number };
export type Presenting = Pick<NotificationsDeps, "db" | "clock"> & { readonly box: SecretBox };

/** Channels as people see them, without their secrets. */
export function createPresentation({ db, box, clock }: Presenting) {
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
