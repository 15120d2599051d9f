import type { Job } from "../../../components/feedback/job-words.ts";

type Page = { items: Job[]; nextCursor: string | null };

/** The pages with the updated job; `isSameState` is false if the job is missing or its status changed. */
export function replaceJob(pages: readonly Page[], job: Job): { pages: Page[]; isSameState: boolean } {
  const before = pages.flatMap(({ items }) => items).find(({ jobId }) => jobId === job.jobId);
  return {
    pages: pages.map((page) => ({ ...page, items: page.items.map((item) => (item.jobId === job.jobId ? job : item)) })),
    isSameState: before?.status === job.status,
  };
}
