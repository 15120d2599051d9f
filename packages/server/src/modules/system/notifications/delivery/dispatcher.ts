import { DAY_MS } from "../../../../kernel/day.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import type { Outcome } from "../channels/channel.ts";
import { sendTo } from "../channels/index.ts";
import { escalate, routeNotice } from "../routing/route-notice.ts";
import type { SecretBox } from "../settings/secret-box.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import { createInboxStore } from "../stores/inbox-store.ts";
import { createDueStore } from "../stores/message-store.ts";
import { createNoticeStore, type NoticeRow } from "../stores/notice-store.ts";
import { createEscalationStore } from "../stores/route-store.ts";
import { createCompose } from "./compose-message.ts";
import { type Attempt, settleMessage } from "./settle-message.ts";
import { createTimers } from "./timers.ts";

/** Channels that are sent to at the same time. A receiver that hangs occupies one of them for 15 seconds. */
const MOST_SENDING = 16;
const BATCH = 100;
const SWEEP_MS = 3_600_000;
/** Notices, messages and inbox items are stored this long. */
const RETENTION_MS = 90 * DAY_MS;

type Deps = NotificationsDeps & { readonly box: SecretBox; readonly publish: (notice: NoticeRow) => void };

/**
 * Routes notices and sends messages, for all projects. Everything that is to do is in the database, so after a restart it
 * continues. A message is sent again, under the same id, if the server stops before it has stored the outcome.
 */
export function createDispatcher(deps: Deps) {
  const { clock, log } = deps;
  const sending = new Map<string, Promise<void>>();
  const plan = createPlanning(deps);
  const attempt = createAttempt(deps);
  let looking: Promise<void> | null = null;
  let shallLookAgain = false;
  let isStopped = false;
  let sweptAt = 0;
  const timers = createTimers(look);

  async function sendDue(): Promise<void> {
    while (sending.size < MOST_SENDING && !isStopped) {
      const limit = MOST_SENDING - sending.size;
      const due = await createDueStore(deps.db).listDue(new Date(clock.now()), { limit, except: [...sending.keys()] });
      if (due.length === 0) return;
      for (const one of due) {
        const ending = attempt(one)
          .catch((error: unknown) => log.error({ error }, "a notification could not be processed"))
          .finally(() => {
            sending.delete(one.channel.id);
            look();
          });
        sending.set(one.channel.id, ending);
      }
    }
  }
  async function sweep(): Promise<void> {
    const now = clock.now();
    if (now - sweptAt < SWEEP_MS) return;
    sweptAt = now;
    await createNoticeStore(deps.db).deleteBefore(new Date(now - RETENTION_MS));
    await createInboxStore(deps.db).deleteBefore(new Date(now - RETENTION_MS));
  }
  function look(): void {
    shallLookAgain = looking !== null;
    if (looking || isStopped) return;
    looking = plan()
      .then(sendDue)
      .then(sweep)
      .catch((error: unknown) => log.error({ error }, "notifications could not be read"))
      .finally(() => {
        looking = null;
        if (shallLookAgain) look();
      });
  }
  return {
    start: timers.start,
    /** A notice was stored, perhaps in a transaction that is still open. */
    nudge: timers.nudge,
    /** Does everything that is due now. */
    async settle(): Promise<void> {
      look();
      while (looking || sending.size > 0) await Promise.all([looking, ...sending.values()]);
    },
    async close(): Promise<void> {
      isStopped = true;
      timers.stop();
      await Promise.all([looking, ...sending.values()]);
    },
  };
}
export type Dispatcher = ReturnType<typeof createDispatcher>;

/** Routes new notices in order, and escalates what nobody acknowledged. */
function createPlanning({ db, clock, publish }: Deps) {
  return async function plan(): Promise<void> {
    for (;;) {
      const unrouted = await createNoticeStore(db).listUnrouted(BATCH);
      for (const notice of unrouted)
        if (await db.transaction((tx) => routeNotice(tx, notice, clock.now()))) publish(notice);
      if (unrouted.length < BATCH) break;
    }
    for (const row of await createEscalationStore(db).listDue(new Date(clock.now()), BATCH))
      await db.transaction((tx) => escalate(tx, row, clock.now()));
  };
}

/** One attempt to deliver a message. */
function createAttempt(deps: Deps) {
  const { db, box, clock, outbound, log, random = Math.random } = deps;
  const compose = createCompose(deps);
  async function send(one: Attempt): Promise<Outcome> {
    try {
      const notices = await createDueStore(db).listNotices(one.message.id);
      if (notices.length === 0) return { kind: "rejected", message: "The notices of this message were deleted." };
      const target = { settings: one.channel.settings, secrets: box.open(one.channel) };
      return await sendTo(target, await compose(one, notices), { outbound, now: clock.now });
    } catch (error) {
      // Such as a secret that cannot be decrypted. Someone can fix it, so it is tried again.
      log.error({ error, channelId: one.channel.id }, "a notification could not be sent");
      return { kind: "retry", message: messageOf(error), waitMs: 0 };
    }
  }
  return async function attempt(one: Attempt): Promise<void> {
    const outcome = await send(one);
    await db.transaction((tx) => settleMessage(tx, { ...one, outcome, now: clock.now(), random: random() }));
  };
}
