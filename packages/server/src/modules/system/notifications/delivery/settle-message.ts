import { newId } from "../../../../kernel/ids.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Outcome } from "../channels/channel.ts";
import { limitsOf } from "../channels/index.ts";
import { type ChannelRow, createChannelStore } from "../stores/channel-store.ts";
import { createDueStore } from "../stores/due-store.ts";
import { createInboxStore } from "../stores/inbox-store.ts";
import { createMessageStore, type MessageRow } from "../stores/message-store.ts";
import { waitAfter } from "./retry-schedule.ts";

export type Attempt = { readonly message: MessageRow; readonly channel: ChannelRow };
type Settling = Attempt & { readonly outcome: Outcome; readonly now: number; readonly random: number };

/** Stores the outcome of an attempt: delivered, the next attempt, or a dead letter with an item in the inbox. */
export async function settleMessage(tx: Postgres, { message, channel, outcome, now, random }: Settling): Promise<void> {
  const { id, projectId } = message;
  const attempts = message.attempts + 1;
  const store = createMessageStore(tx);
  const isDelivered = outcome.kind === "delivered";
  await noteChannel(tx, { channel, outcome, now });
  if (isDelivered)
    return store.update(projectId, id, { state: "delivered", attempts, lastError: "", deliveredAt: new Date(now) });
  const wait = outcome.kind === "retry" ? waitAfter(attempts, random) : null;
  if (wait !== null && outcome.kind === "retry") {
    const nextTryAt = new Date(now + Math.max(wait, outcome.waitMs));
    return store.update(projectId, id, { attempts, lastError: outcome.message, nextTryAt });
  }
  await store.update(projectId, id, { state: "dead", attempts, lastError: outcome.message });
  if (outcome.kind === "gone") await createDueStore(tx).killWaiting(channel.id, outcome.message);
  await reportDead(tx, { channel, outcome, now });
}

type Note = { readonly channel: ChannelRow; readonly outcome: Outcome; readonly now: number };

async function noteChannel(tx: Postgres, { channel, outcome, now }: Note): Promise<void> {
  const store = createChannelStore(tx);
  const { gapMs } = limitsOf(channel.settings.kind);
  const pauseMs = Math.max(gapMs, outcome.kind === "retry" ? outcome.waitMs : 0);
  const pausedUntil = pauseMs === 0 ? null : new Date(now + pauseMs);
  const isDelivered = outcome.kind === "delivered";
  await store.update(channel.projectId, channel.id, {
    pausedUntil,
    lastError: isDelivered ? "" : outcome.message,
    ...(isDelivered && { lastDeliveredAt: new Date(now) }),
    ...(outcome.kind === "gone" && { isEnabled: false, disabledReason: outcome.message }),
  });
}

/** One item for each channel, which changes with each dead letter. */
async function reportDead(tx: Postgres, { channel, outcome, now }: Note): Promise<void> {
  const at = new Date(now);
  const isGone = outcome.kind === "gone";
  const item = {
    id: newId("inbox", now),
    projectId: channel.projectId,
    userId: "",
    thread: `channel/${channel.id}`,
    kind: "delivery" as const,
    severity: "warning" as const,
    event: null,
    title: isGone
      ? `The channel ${channel.name} was disabled`
      : `The channel ${channel.name} did not deliver a message`,
    text: outcome.message,
    path: "/settings/notifications",
    at,
    attentionAt: at,
  };
  await createInboxStore(tx).put(item, true);
}
