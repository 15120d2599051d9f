import type { Job } from "../../components/job-words.ts";

type Page = { items: Job[]; nextCursor: string | null };

/** The pages with the job as it is now; `isSameState` is false when it was in none of them or has another status than there. */
export function replaceJob(pages: readonly Page[], job: Job): { pages: Page[]; isSameState: boolean } {
  const before = pages.flatMap(({ items }) => items).find(({ id }) => id === job.id);
  return {
    pages: pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === job.id ? job : item)) })),
    isSameState: before?.status === job.status,
  };
}
