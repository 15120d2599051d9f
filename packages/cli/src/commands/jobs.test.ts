import { expect, test } from "vitest";
import { runTreadle } from "../testing/run-treadle.ts";
import { startScriptedServer } from "../testing/scripted-server.ts";

const job = {
  jobId: "job_1",
  kind: "dataset-import",
  title: "Import chats.jsonl",
  subject: null,
  status: "running",
  isCancelling: false,
  progress: { done: 12_000, total: 200_000, unit: "rows", message: "" },
  result: null,
  error: null,
  failures: 0,
  createdBy: "system",
  createdAt: "2026-01-01T00:00:00.000Z",
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  runAt: "2026-01-01T00:00:00.000Z",
  everySeconds: null,
};

test("jobs are listed with how far they are, and as JSON", async () => {
  const failed = { ...job, status: "failed", error: { code: "unprocessable", message: "Line 3 is no JSON." } };
  const server = await startScriptedServer({
    "GET /api/v1/jobs?limit=200": () => ({ items: [job, failed], nextCursor: null }),
    "GET /api/v1/jobs?limit=200&status=active": () => ({ items: [job], nextCursor: null }),
  });
  const { code, stdout } = await runTreadle(["jobs", "list", "--all", "--url", server.url]);
  expect(code).toBe(0);
  expect(stdout.split("\n")[0]).toMatch(/^job_1 +running +12000 of 200000 rows +Import chats\.jsonl$/);
  expect(stdout.split("\n")[1]).toMatch(/failed .*Import chats\.jsonl: Line 3 is no JSON\.$/);
  const json = await runTreadle(["jobs", "list", "--json", "--url", server.url]);
  expect(JSON.parse(json.stdout)).toEqual([job]);
  await server.close();
});

test("an empty list of running jobs is reported, with how to list the others", async () => {
  const server = await startScriptedServer({
    "GET /api/v1/jobs?limit=200&status=active": () => ({ items: [], nextCursor: null }),
  });
  const { code, stdout, stderr } = await runTreadle(["jobs", "list", "--url", server.url]);
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toContain("No job is running. Use --all to include jobs that have ended.");
  await server.close();
});

test("a job is canceled; an unknown job is an error", async () => {
  const server = await startScriptedServer({
    "POST /api/v1/jobs/job_1/cancel": () => ({ ...job, isCancelling: true }),
  });
  const { code, stdout } = await runTreadle(["jobs", "cancel", "job_1", "--url", server.url]);
  expect([code, stdout]).toEqual([0, "Import chats.jsonl is stopping\n"]);
  expect(server.seen[0]).toMatchObject({ endpoint: "POST /api/v1/jobs/job_1/cancel" });
  expect((await runTreadle(["jobs", "cancel", "job_2", "--url", server.url])).code).toBe(1);
  await server.close();
});
