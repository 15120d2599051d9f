import type { NotificationNotice } from "@treadle/contract";
import { type NoticeRow, toNotice } from "../stores/notice-store.ts";

/** Notices that a slow watcher has not taken yet. Older ones are dropped. */
const MOST_QUEUED = 1_000;

/** New notices of a project for those who watch. */
export function createNoticeWatch() {
  const byProject = new Map<string, Set<(notice: NotificationNotice) => void>>();
  return {
    publish(row: NoticeRow): void {
      for (const take of byProject.get(row.projectId) ?? []) take(toNotice(row));
    },
    async *watch(projectId: string, signal: AbortSignal): AsyncGenerator<NotificationNotice> {
      const queue: NotificationNotice[] = [];
      let wake = Promise.withResolvers<void>();
      const take = (notice: NotificationNotice) => {
        if (queue.length >= MOST_QUEUED) queue.shift();
        queue.push(notice);
        wake.resolve();
      };
      const stop = () => wake.resolve();
      const takers = byProject.get(projectId) ?? new Set();
      byProject.set(projectId, takers.add(take));
      signal.addEventListener("abort", stop, { once: true });
      try {
        while (!signal.aborted) {
          for (let next = queue.shift(); next; next = queue.shift()) yield next;
          if (signal.aborted) return;
          await wake.promise;
          wake = Promise.withResolvers<void>();
        }
      } finally {
        signal.removeEventListener("abort", stop);
        takers.delete(take);
        if (takers.size === 0 && byProject.get(projectId) === takers) byProject.delete(projectId);
      }
    },
  };
}
export type NoticeWatch = ReturnType<typeof createNoticeWatch>;
