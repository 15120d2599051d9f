import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const HOUR_MS = 3_600_000;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();

const job = (jobId: string, more: object) => ({
  jobId,
  kind: "dataset-import",
  title: `Import ${jobId}.jsonl`,
  subject: null,
  status: "running",
  isCancelling: false,
  progress: { done: 0, total: null, unit: "rows", message: "" },
  result: null,
  error: null,
  failures: 0,
  createdBy: "system",
  createdAt: at(-HOUR_MS),
  startedAt: at(-HOUR_MS),
  endedAt: null,
  runAt: at(-HOUR_MS),
  everySeconds: null,
  ...more,
});
const JOBS = [
  job("chats", { progress: { done: 12_000, total: 200_000, unit: "rows", message: "reading rows" } }),
  job("waiting", { status: "queued", runAt: at(60_000), failures: 1, error: { code: "x", message: "Not there." } }),
  job("broken", { status: "failed", endedAt: at(0), error: { code: "x", message: "Line 3 is no JSON." } }),
  job("whole", { status: "done", endedAt: at(-HOUR_MS + 72_000), progress: { done: 5, total: 5, unit: "rows" } }),
];

describe.runIf(hasChromium)("jobs", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
  });
  afterAll(() => visitor?.close());
  const open = (path: string, width = 1440) => visitor.open({ path: `${path}?project=${visitor.projects.own}`, width });

  test("where nothing has run yet, the page says what will be there", async () => {
    const page = await open("/settings/jobs");
    await page.getByRole("heading", { name: "No jobs yet" }).waitFor();
    await page.getByRole("tab", { name: "Failed" }).click();
    await page.getByRole("heading", { name: "No failed jobs" }).waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  test("each job says how far it is, why it failed and what can be done", async () => {
    const page = await open("/settings");
    const asked: string[] = [];
    await page.route(/\/api\/v1\/jobs(\?|$)/, (route) => route.fulfill({ json: { items: JOBS, nextCursor: null } }));
    await page.route(/\/api\/v1\/jobs\/\w+\/(cancel|retry)$/, (route) => {
      asked.push(new URL(route.request().url()).pathname);
      return route.fulfill({ json: { ...JOBS[0], isCancelling: true } });
    });
    await page.getByRole("link", { name: "Jobs", exact: true }).click();
    const running = page.getByRole("region", { name: "Import chats.jsonl" });
    await running.getByText("12,000 of 200,000 rows").waitFor();
    await running.getByText("reading rows").waitFor();
    expect(await running.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("6");
    const waiting = page.getByRole("region", { name: "Import waiting.jsonl" });
    await waiting.getByText("● waiting to retry").waitFor();
    await waiting.getByText("1 attempt failed. The next attempt starts at").waitFor();
    await page.getByText("Line 3 is no JSON.").waitFor();
    await page.getByText("took 1 m 12 s").waitFor();
    await page.getByRole("button", { name: "Run Import broken.jsonl again" }).click();
    await page.getByRole("button", { name: "Cancel Import chats.jsonl" }).click();
    await expect.poll(() => asked).toEqual(["/api/v1/jobs/broken/retry", "/api/v1/jobs/chats/cancel"]);
  });
});
