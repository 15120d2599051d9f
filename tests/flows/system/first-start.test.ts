import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../../packages/sdk/src/index.ts";
import { serverProgram } from "../../../scripts/set-up.mjs";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const MODEL = "smollm2-135m-instruct";
let dataFolder: string;
let treadle: RunningTreadle;
let printedKey: string;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "treadle-first-"));
  treadle = await startTreadle({ dataFolder, env: { TREADLE_BOOTSTRAP_KEY: "", TREADLE_DEFAULT_MODEL: MODEL } });
  printedKey = /(?<=^|\s)tr_\S+/.exec(treadle.output())?.[0] ?? "";
});
afterAll(async () => {
  await treadle?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

const client = (apiKey = printedKey) => createClient({ baseUrl: treadle.url, apiKey });

test("the first start prints the address, a sign-in link, a key and a first call to copy", async () => {
  const output = treadle.output();
  expect(output).toContain(`ready at ${treadle.url}`);
  expect(await treadle.signInLink()).toMatch(/\/sign-in#token=\S{20,}/);
  expect(output).toContain(`curl ${treadle.url}/v1/chat/completions`);
  const keyFile = join(dataFolder, "api-key");
  expect(readFileSync(keyFile, "utf8").trim()).toBe(printedKey);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
});

test("the sign-in link works once, and shows the first project and the demo", async () => {
  const token = (await treadle.signInLink()).split("token=")[1] ?? "";
  const signIn = () =>
    fetch(`${treadle.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: treadle.url },
      body: JSON.stringify({ token }),
    });
  const first = await signIn();
  expect(first.headers.get("set-cookie")).toMatch(/^treadle_session=.+HttpOnly/);
  const session = (await first.json()) as { projects: { projectId: string; isSample: boolean; role: string }[] };
  expect(session.projects.map((project) => [project.isSample, project.role])).toEqual([
    [false, "owner"],
    [true, "owner"],
  ]);
  expect((await signIn()).status).toBe(401);
  const sample = session.projects.find((project) => project.isSample);
  const sampleSpans = async () => {
    const answer = await fetch(`${treadle.url}/api/v1/spans?limit=5&rootsOnly=true`, {
      headers: {
        cookie: first.headers.get("set-cookie")?.split(";")[0] ?? "",
        "x-treadle-project": sample?.projectId ?? "",
      },
    });
    return (await answer.json()) as { items: { isSample: boolean; tags: string[] }[] };
  };
  // The spool delivers once per second.
  let page = await sampleSpans();
  for (let tries = 0; tries < 100 && page.items.length === 0; tries++) {
    await delay(100);
    page = await sampleSpans();
  }
  expect(page.items.length).toBe(5);
  expect(page.items.every((span) => span.isSample && span.tags.includes("sample"))).toBe(true);
});

test("the default model is pulled in parallel and answers the printed call", async () => {
  const { call } = client();
  let state = "";
  // A call before, such as that of an earlier try, has loaded the model.
  const isThere = () => state === "ready" || state === "loaded";
  for (let tries = 0; tries < 1_200 && !isThere(); tries++) {
    state = (await call("GET /api/v1/models")).items.find((model) => model.modelId === MODEL)?.state ?? "";
    if (state === "failed") break;
    await delay(250);
  }
  expect(isThere(), state).toBe(true);
  const complete = (stream: boolean) =>
    fetch(`${treadle.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${printedKey}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: MODEL,
        stream,
        temperature: 0,
        max_tokens: 32,
        messages: [{ role: "user", content: "What is the capital of France?" }],
      }),
    });
  const plain = (await (await complete(false)).json()) as { choices: { message: { content: string } }[] };
  expect(plain.choices[0]?.message.content).toContain("Paris");
  const streamed = await complete(true);
  expect((await streamed.text()).match(/^data: /gm)?.length).toBeGreaterThan(5);
  const traceId = streamed.headers.get("x-treadle-trace-id") ?? "";
  const readSpans = async () => (await call("GET /api/v1/traces/:traceId", { params: { traceId } })).spans;
  await expect.poll(() => readSpans().catch(() => []), { timeout: 30_000 }).toHaveLength(1);
  const spans = await readSpans();
  expect(spans[0]).toMatchObject({ requestModel: MODEL, provider: "local", status: "ok", costUsd: 0 });
  expect(spans[0]?.inputTokens).toBeGreaterThan(5);
  expect(spans[0]?.outputTokens).toBeGreaterThan(3);
  expect(spans[0]?.timeToFirstTokenMs).toBeGreaterThan(0);
}, 360_000);

test("a second server on the same data folder is refused with a sentence that names the first", () => {
  const second = spawnSync(process.execPath, [serverProgram], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TREADLE_PORT: "0", TREADLE_DATA: dataFolder },
    encoding: "utf8",
    timeout: 30_000,
  });
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(String(treadle.pid));
  expect(second.stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
});

test("a stop by SIGTERM drains, and the next start retains the key, the model and the traces", async () => {
  const before = await client().call("GET /api/v1/traces", { query: { limit: 200 } });
  await treadle.stop();
  treadle = await startTreadle({ dataFolder, env: { TREADLE_BOOTSTRAP_KEY: "", TREADLE_DEFAULT_MODEL: MODEL } });
  const { call } = client();
  expect((await call("GET /api/v1/models")).items.find((model) => model.modelId === MODEL)?.state).toBe("ready");
  const after = await call("GET /api/v1/traces", { query: { limit: 200 } });
  expect(after.items.map((item) => item.traceId)).toEqual(before.items.map((item) => item.traceId));
});
