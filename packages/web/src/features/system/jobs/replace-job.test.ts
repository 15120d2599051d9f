import { expect, test } from "vitest";
import type { Job } from "../../../components/feedback/job-words.ts";
import { replaceJob } from "./replace-job.ts";

const job = (jobId: string, status: Job["status"], done = 0): Job => ({
  jobId,
  kind: "count",
  title: jobId,
  subject: null,
  status,
  isCancelling: false,
  progress: { done, total: 10, unit: "rows", message: "" },
  result: null,
  error: null,
  failures: 0,
  createdBy: "system",
  createdAt: "2026-11-20T12:00:00.000Z",
  startedAt: null,
  endedAt: null,
  runAt: "2026-11-20T12:00:00.000Z",
  everySeconds: null,
});
const pages = [
  { items: [job("c", "running"), job("b", "running")], nextCursor: "next" },
  { items: [job("a", "done")], nextCursor: null },
];

test("a job that got further takes its own place", () => {
  const { pages: next, isSameState } = replaceJob(pages, job("b", "running", 5));
  expect(isSameState).toBe(true);
  expect(next.map(({ items }) => items.map(({ jobId, progress }) => [jobId, progress.done]))).toEqual([
    [
      ["c", 0],
      ["b", 5],
    ],
    [["a", 0]],
  ]);
});

test("a new job and a finished job are reported", () => {
  expect(replaceJob(pages, job("d", "queued"))).toEqual({ pages, isSameState: false });
  expect(replaceJob(pages, job("c", "done")).isSameState).toBe(false);
});
