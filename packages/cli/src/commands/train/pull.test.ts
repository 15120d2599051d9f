import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runTreadle } from "../../testing/run-treadle.ts";
import { startScriptedServer } from "../../testing/scripted-server.ts";

const pull = {
  pullId: "pull_1",
  source: "tiny",
  modelId: "tiny",
  state: "running",
  step: "receiving",
  receivedBytes: 0,
  totalBytes: 4_000_000,
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  error: null,
};

/** A server whose pull goes through these states, and which says `cancelled` once that was asked for. */
async function startPulling(...states: object[]) {
  let isCancelled = false;
  return startScriptedServer({
    "POST /api/v1/model-pulls": ({ body }) => ({ ...pull, ...(body as object) }),
    "GET /api/v1/model-pulls/pull_1": () => {
      if (isCancelled) return { ...pull, state: "cancelled" };
      return { ...pull, ...(states.length > 1 ? states.shift() : states[0]) };
    },
    "DELETE /api/v1/model-pulls/pull_1": () => {
      isCancelled = true;
      return { ...pull, state: "cancelled" };
    },
  });
}

test("a pull is shown until the model is ready", async () => {
  const server = await startPulling({ receivedBytes: 2_000_000 }, { receivedBytes: 4_000_000, state: "done" });
  const { code, stdout, stderr } = await runTreadle(["pull", "tiny", "--url", server.url, "--key", "tr_test"]);
  expect(stderr).toContain("tiny: receiving, 50 % of 4 MB");
  expect(stdout).toContain("tiny is ready");
  expect(code).toBe(0);
  expect(server.seen[0]).toMatchObject({ authorization: "Bearer tr_test", body: { source: "tiny" } });
  await server.close();
});

test("with --json each state is a line as the server gave it", async () => {
  const server = await startPulling({ receivedBytes: 4_000_000, state: "done" });
  const { stdout } = await runTreadle(["pull", "tiny", "--url", server.url, "--json"]);
  const lines = stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([pull, { ...pull, receivedBytes: 4_000_000, state: "done" }]);
  await server.close();
});

test("a pull that fails says why and ends with 1", async () => {
  const server = await startPulling({ state: "failed", error: "the sha256 does not match" });
  const { code, stderr } = await runTreadle(["pull", "tiny", "--url", server.url]);
  expect(stderr).toContain("tiny could not be pulled: the sha256 does not match");
  expect(code).toBe(1);
  await server.close();
});

test("a model that is there already is no failure", async () => {
  const server = await startScriptedServer({
    "POST /api/v1/model-pulls": (_, response) => {
      response.statusCode = 409;
      return { error: { code: "conflict", message: '"tiny" is pulled already.' } };
    },
  });
  const { code, stdout } = await runTreadle(["pull", "tiny", "--url", server.url]);
  expect(stdout).toContain('"tiny" is pulled already.');
  expect(code).toBe(0);
  const asJson = await runTreadle(["pull", "tiny", "--json", "--url", server.url]);
  expect([asJson.code, asJson.json()]).toEqual([0, { state: "done", step: '"tiny" is pulled already.' }]);
  await server.close();
});

test("an interrupt cancels the pull on the server", async () => {
  const server = await startPulling({ receivedBytes: 2_000_000 });
  const { code, stderr } = await runTreadle(["pull", "tiny", "--url", server.url], { interruptAt: "50 %" });
  expect(server.seen.some(({ endpoint }) => endpoint.startsWith("DELETE"))).toBe(true);
  expect(stderr).toContain("run the same pull again to continue");
  expect(code).toBe(130);
  await server.close();
});

test("a file is sent by its whole path, since the server runs elsewhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "treadle-file-"));
  const file = join(folder, "model.gguf");
  writeFileSync(file, "GGUF");
  const server = await startPulling({ state: "done" });
  await runTreadle(["pull", `${folder}/../${folder.split("/").at(-1)}/model.gguf`, "--url", server.url]);
  expect(server.seen[0]?.body).toEqual({ source: file });
  await server.close();
  rmSync(folder, { recursive: true });
});

test("without a server it says how to start one", async () => {
  const { code, stderr } = await runTreadle(["pull", "tiny", "--url", "http://127.0.0.1:9"]);
  expect(stderr).toContain("npm start");
  expect(code).toBe(4);
});

test("without a server and with --json the failure is JSON too", async () => {
  const { code, stdout, stderr } = await runTreadle(["pull", "tiny", "--url", "http://127.0.0.1:9", "--json"]);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: "network" } });
  expect(stdout).toBe("");
  expect(code).toBe(4);
});
