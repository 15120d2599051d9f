import { DAY_MS } from "../../../../kernel/day.ts";
import { createDueStore } from "../stores/due-store.ts";
import { createInboxStore } from "../stores/inbox-store.ts";
import { createNoticeStore } from "../stores/notice-store.ts";
import { type Attempting, createAttempt } from "./attempt.ts";
import { createPlanning, type Planning } from "./plan-due.ts";
import type { Attempt } from "./settle-message.ts";
import { createTimers } from "./timers.ts";

/** Channels that are sent to at the same time. A receiver that hangs occupies one of them for 15 seconds. */
const MOST_SENDING = 16;
const SWEEP_MS = 3_600_000;
/** Notices, messages and inbox items are stored this long. */
const RETENTION_MS = 90 * DAY_MS;

type Deps = Attempting & Planning;

/**
 * Routes notices and sends messages, for all projects. Everything that is to do is in the database, so after a restart it
 * continues. A message is sent again, under the same id, if the server stops before it has stored the outcome.
 */
export function createDispatcher(deps: Deps) {
  const rounds = createRounds(async () => {
    await plan();
    await sender.sendDue();
    await sweep();
  }, deps.log);
  const sender = createSender(deps, rounds.begin);
  const plan = createPlanning(deps);
  const sweep = createSweep(deps);
  const timers = createTimers(rounds.begin);
  const idle = async () => {
    while (rounds.current() || sender.sending().length > 0) await Promise.all([rounds.current(), ...sender.sending()]);
  };
  return {
    start: timers.start,
    /** A notice was stored, perhaps in a transaction that is still open. */
    nudge: timers.nudge,
    /** Does everything that is due now. */
    async settle(): Promise<void> {
      rounds.begin();
      await idle();
    },
    async close(): Promise<void> {
      rounds.stop();
      sender.stop();
      timers.stop();
      await idle();
    },
  };
}

/** One round runs at a time. A request for a round during another one is served by one more round after it. */
function createRounds(run: () => Promise<void>, log: Deps["log"]) {
  let looking: Promise<void> | null = null;
  let shallLookAgain = false;
  let isStopped = false;

  function begin(): void {
    shallLookAgain = looking !== null;
    if (looking || isStopped) return;
    looking = run()
      .catch((error: unknown) => log.error({ error }, "notifications could not be read"))
      .finally(() => {
        looking = null;
        if (shallLookAgain) begin();
      });
  }
  return {
    begin,
    current: () => looking,
    stop(): void {
      isStopped = true;
    },
  };
}

/** Sends due messages, one at a time per channel. After each, `onSent` looks for more. */
function createSender(deps: Deps, onSent: () => void) {
  const attempt = createAttempt(deps);
  const sending = new Map<string, Promise<void>>();
  let isStopped = false;

  function send(one: Attempt): void {
    const ending = attempt(one)
      .catch((error: unknown) => deps.log.error({ error }, "a notification could not be processed"))
      .finally(() => {
        sending.delete(one.channel.id);
        onSent();
      });
    sending.set(one.channel.id, ending);
  }
  async function sendDue(): Promise<void> {
    while (sending.size < MOST_SENDING && !isStopped) {
      const free = { limit: MOST_SENDING - sending.size, except: [...sending.keys()] };
      const due = await createDueStore(deps.db).listDue(new Date(deps.clock.now()), free);
      if (due.length === 0) return;
      for (const one of due) send(one);
    }
  }
  return {
    sendDue,
    sending: () => [...sending.values()],
    stop(): void {
      isStopped = true;
    },
  };
}

/** Deletes what is older than the retention, once an hour. */
function createSweep({ db, clock }: Pick<Deps, "db" | "clock">) {
  let sweptAt = 0;
  return async function sweep(): Promise<void> {
    const now = clock.now();
    if (now - sweptAt < SWEEP_MS) return;
    sweptAt = now;
    await createNoticeStore(db).deleteBefore(new Date(now - RETENTION_MS));
    await createInboxStore(db).deleteBefore(new Date(now - RETENTION_MS));
  };
}
