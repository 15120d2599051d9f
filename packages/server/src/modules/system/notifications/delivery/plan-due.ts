import { escalate, routeNotice } from "../routing/route-notice.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import { createNoticeStore, type NoticeRow } from "../stores/notice-store.ts";
import { createEscalationStore } from "../stores/route-store.ts";

const BATCH = 100;

export type Planning = Pick<NotificationsDeps, "db" | "clock"> & { readonly publish: (notice: NoticeRow) => void };

/** Routes new notices in order, and escalates what nobody acknowledged. */
export function createPlanning({ db, clock, publish }: Planning) {
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
