import { newId } from "../../../../kernel/ids.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { limitsOf } from "../channels/index.ts";
import type { ChannelRow } from "../stores/channel-store.ts";
import { createMessageStore, type MessageRow } from "../stores/message-store.ts";
import { type NoticeRow, subjectOf } from "../stores/notice-store.ts";

/** Notices of one group within this time are combined. */
export const GROUP_MS = 30_000;
/** The time that a channel's limit counts messages in. */
export const STORM_MS = 60_000;

export type Plan = {
  readonly channel: ChannelRow;
  readonly reason: MessageRow["reason"];
  /** When the quiet time ends. Null if it is not quiet. */
  readonly quietUntil: number | null;
  readonly now: number;
};

/** A message that still takes notices, or the kind and time of a new one. */
type Place =
  | { readonly into: MessageRow }
  | { readonly into: null; readonly kind: MessageRow["kind"]; readonly dueAt: number };

/**
 * Plans the message that carries a notice to a channel. The first of a group is sent immediately, and the rest of 30 seconds
 * together. In a storm, and in a quiet time, notices are collected in one message.
 */
export async function planMessage(tx: Postgres, notice: NoticeRow, plan: Plan): Promise<void> {
  const { channel, quietUntil, now } = plan;
  const store = createMessageStore(tx);
  const held = await store.findCollecting(channel.id, "held", new Date(now));
  if (channel.isEnabled && quietUntil !== null) {
    const place: Place = held ? { into: held } : { into: null, kind: "held", dueAt: quietUntil };
    return fill(tx, notice, { plan, place, before: [] });
  }
  // What is held about the same subject comes first, so that a receiver sees the order of events.
  const before = held ? await store.takeSubject(held, subjectOf(notice)) : [];
  return fill(tx, notice, { plan, place: await findPlace(tx, notice, plan), before });
}

async function findPlace(tx: Postgres, notice: NoticeRow, { channel, now }: Plan): Promise<Place> {
  const store = createMessageStore(tx);
  const immediate: Place = { into: null, kind: "single", dueAt: now };
  if (!channel.isEnabled || !limitsOf(channel.settings.kind).combines) return immediate;
  const summary = await store.findCollecting(channel.id, "summary", new Date(now));
  if (summary) return { into: summary };
  const last = await store.findLast(channel.id, notice.group, new Date(now - GROUP_MS));
  if (last && last.attempts === 0 && last.state === "waiting" && last.dueAt.getTime() > now) return { into: last };
  if ((await store.countSince(channel.id, new Date(now - STORM_MS))) >= channel.perMinute)
    return { into: null, kind: "summary", dueAt: now + STORM_MS };
  return last ? { into: null, kind: "combined", dueAt: last.dueAt.getTime() + GROUP_MS } : immediate;
}

type Filling = { readonly plan: Plan; readonly place: Place; readonly before: readonly string[] };

async function fill(tx: Postgres, notice: NoticeRow, { plan, place, before }: Filling): Promise<void> {
  const store = createMessageStore(tx);
  const noticeIds = [...before, notice.id];
  if (place.into) return store.add(place.into, { subject: subjectOf(notice), noticeIds });
  const { channel, reason, now } = plan;
  const { isEnabled } = channel;
  const row = {
    id: newId("msg", now),
    projectId: notice.projectId,
    channelId: channel.id,
    group: notice.group,
    kind: place.kind,
    reason,
    subjects: [subjectOf(notice)],
    state: isEnabled ? ("waiting" as const) : ("skipped" as const),
    dueAt: new Date(place.dueAt),
    nextTryAt: new Date(place.dueAt),
    attempts: 0,
    lastError: isEnabled ? "" : "The channel is disabled.",
    createdAt: new Date(now),
    deliveredAt: null,
  };
  await store.create(row, [...new Set(noticeIds)]);
}
