import { messageOf } from "../../../../kernel/message-of.ts";
import type { Outcome } from "../channels/channel.ts";
import { sendTo } from "../channels/index.ts";
import type { SecretBox } from "../settings/secret-box.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import { createDueStore } from "../stores/due-store.ts";
import { createCompose } from "./compose-message.ts";
import { type Attempt, settleMessage } from "./settle-message.ts";

export type Attempting = NotificationsDeps & { readonly box: SecretBox };

/** One attempt to deliver a message. */
export function createAttempt(deps: Attempting) {
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
