import type { NotificationNotice } from "@treadle/contract";
import { type NoticeRow, toNotice } from "../stores/notice-store.ts";

/** Notices that a slow watcher has not taken yet. Older ones are dropped. */
const MOST_QUEUED = 1_000;

type Take = (notice: NotificationNotice) => void;

/** New notices of a project for those who watch. */
export function createNoticeWatch() {
  const byProject = new Map<string, Set<Take>>();
  function add(projectId: string, take: Take): () => void {
    const takers = byProject.get(projectId) ?? new Set();
    byProject.set(projectId, takers.add(take));
    return () => {
      takers.delete(take);
      if (takers.size === 0 && byProject.get(projectId) === takers) byProject.delete(projectId);
    };
  }
  return {
    publish(row: NoticeRow): void {
      for (const take of byProject.get(row.projectId) ?? []) take(toNotice(row));
    },
    async *watch(projectId: string, signal: AbortSignal): AsyncGenerator<NotificationNotice> {
      const queue = createQueue();
      const remove = add(projectId, queue.push);
      signal.addEventListener("abort", queue.wake, { once: true });
      try {
        while (!signal.aborted) {
          yield* queue.take();
          if (!signal.aborted) await queue.filled();
        }
      } finally {
        signal.removeEventListener("abort", queue.wake);
        remove();
      }
    },
  };
}
export type NoticeWatch = ReturnType<typeof createNoticeWatch>;

function createQueue() {
  const queue: NotificationNotice[] = [];
  let waking = Promise.withResolvers<void>();
  return {
    push(notice: NotificationNotice): void {
      if (queue.length >= MOST_QUEUED) queue.shift();
      queue.push(notice);
      waking.resolve();
    },
    *take(): Generator<NotificationNotice> {
      for (let next = queue.shift(); next; next = queue.shift()) yield next;
    },
    wake: () => waking.resolve(),
    async filled(): Promise<void> {
      await waking.promise;
      waking = Promise.withResolvers<void>();
    },
  };
}
