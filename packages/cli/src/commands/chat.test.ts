import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../testing/run-treadle.ts";
import { startScriptedServer } from "../testing/scripted-server.ts";

type Asked = { stream?: boolean; model: string; messages: { role: string; content: string }[] };

const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const answer = { id: "chatcmpl_1", choices: [{ index: 0, message: { role: "assistant", content: "A pedal." } }] };

function complete(asked: Asked, response: ServerResponse): object | undefined {
  if (asked.model === "breaking") {
    response.setHeader("content-type", "text/event-stream");
    response.end(`${chunk("A ")}data: ${JSON.stringify({ error: { message: "The provider went away." } })}\n\n`);
    return undefined;
  }
  if (!asked.stream) return answer;
  response.setHeader("content-type", "text/event-stream");
  response.write(chunk("A pe"));
  if (asked.model !== "endless") response.end(`${chunk("dal.")}data: [DONE]\n\n`);
  return undefined;
}

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  const models = [
    { modelId: "embedder", kind: "embedding", state: "ready", isDefault: false },
    { modelId: "small", kind: "chat", state: "loaded", isDefault: false },
    { modelId: "default", kind: "chat", state: "ready", isDefault: true },
  ];
  server = await startScriptedServer({
    "GET /api/v1/models": () => ({ items: models, memoryBudgetBytes: 1, memoryUsedBytes: 0 }),
    "POST /v1/chat/completions": ({ body }, response) => complete(body as Asked, response),
  });
});
afterAll(() => server.close());

const lastAsked = () => server.seen.at(-1)?.body as Asked;
const chat = (...args: string[]) => runTreadle(["chat", "--url", server.url, ...args]);

test("a question is answered as it streams, by the default model", async () => {
  const { code, stdout } = await chat("What", "is a treadle?");
  expect(stdout).toBe("A pedal.\n");
  expect(code).toBe(0);
  expect(lastAsked()).toMatchObject({
    model: "default",
    stream: true,
    messages: [{ role: "user", content: "What is a treadle?" }],
  });
});

test("a question can come through a pipe, with a system text and a model", async () => {
  const { stdout } = await runTreadle(["chat", "--url", server.url, "--model", "small", "--system", "Be brief."], {
    stdin: "What is a treadle?\n",
  });
  expect(stdout).toBe("A pedal.\n");
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "What is a treadle?" },
  ];
  expect(lastAsked()).toMatchObject({ model: "small", messages });
});

test("--json prints the whole answer as it came", async () => {
  expect((await chat("--json", "Hello")).json()).toEqual(answer);
});

test("an answer that breaks off ends with 1 and says why, after what had come", async () => {
  const { code, stdout, stderr } = await chat("--model", "breaking", "Hello");
  expect(stdout).toBe("A ");
  expect(stderr).toContain("The provider went away.");
  expect(code).toBe(1);
});

test("an interrupt ends the answer immediately", async () => {
  const { code, stdout } = await runTreadle(["chat", "--url", server.url, "--model", "endless", "Hello"], {
    interruptAt: "A pe",
  });
  expect(stdout).toBe("A pe\n");
  expect(code).toBe(130);
});

test("no question is refused", async () => {
  const { code, stderr } = await chat();
  expect(stderr).toContain("There is no question");
  expect(code).toBe(64);
});

test("the key is taken from the data folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "treadle-data-"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "api-key"), "tr_from_folder\n");
  await runTreadle(["chat", "Hello"], { env: { TREADLE_URL: server.url, TREADLE_DATA: folder } });
  expect(server.seen.at(-1)?.authorization).toBe("Bearer tr_from_folder");
  rmSync(folder, { recursive: true });
});
