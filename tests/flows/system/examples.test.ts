import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

const folder = join(import.meta.dirname, "../../../examples");
const python = join(import.meta.dirname, "../../compat/.venv/bin/python");

/** The interpreter of a program, by file extension. */
const PROGRAM: Readonly<Record<string, string>> = {
  ts: process.execPath,
  sh: "sh",
  py: python,
};
const examples = readdirSync(folder).filter((name) => (name.split(".").at(-1) ?? "") in PROGRAM);

let world: World;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
});
afterAll(() => world?.close());

const run = (name: string) =>
  promisify(execFile)(PROGRAM[name.split(".").at(-1) ?? ""] ?? "", [join(folder, name)], {
    env: {
      PATH: process.env.PATH,
      TREADLE_URL: world.treadle.url,
      TREADLE_API_KEY: world.treadle.apiKey,
      TREADLE_MODEL: "scripted/echo-1",
    },
    timeout: 60_000,
  });

test("there are examples to run", () => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
});

test.each(examples)("%s runs to its end and prints an answer", async (name) => {
  const { stdout } = await run(name);
  expect(stdout.trim()).not.toBe("");
});

test("the caller data of an example is in the trace", async () => {
  await run("openai-sdk.ts");
  const mine = { userId: "ada", tag: "example", limit: 1 };
  await expect
    .poll(async () => (await world.call("GET /api/v1/spans", { query: mine })).items.length, { timeout: 20_000 })
    .toBe(1);
});

test("an agent's steps and its model call are one trace", async () => {
  const mine = { sessionId: "chat-1", tag: "example", limit: 50 };
  const list = async () => (await world.call("GET /api/v1/spans", { query: mine })).items;
  const kindsByTrace = async () => {
    const byTrace = Map.groupBy(await list(), ({ traceId }) => traceId);
    return [...byTrace.values()].map((spans) => spans.map(({ kind }) => kind).sort());
  };
  const whole = ["agent", "generation", "tool"];
  await run("agent-tracing.ts");
  await expect
    .poll(
      async () => {
        const traces = await kindsByTrace();
        return traces.length > 0 && traces.every((kinds) => kinds.join() === whole.join());
      },
      { timeout: 20_000 },
    )
    .toBe(true);
});

test("a program with plain OpenTelemetry has its messages, tokens and model in the trace", async () => {
  const { stdout } = await run("plain-opentelemetry.py");
  const traceId = /trace (\w+)/.exec(stdout)?.[1] ?? "";
  const list = async () => (await world.call("GET /api/v1/spans", { query: { traceId, limit: 10 } })).items;
  await expect.poll(async () => (await list()).length, { timeout: 20_000 }).toBe(2);
  expect((await list()).find((span) => span.kind === "generation")).toMatchObject({
    requestModel: "gpt-4o-mini",
    inputTokens: 14,
    outputTokens: 3,
    inputPreview: "What is the capital of France?",
    outputPreview: "Paris.",
  });
});
