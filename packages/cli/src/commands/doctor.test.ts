import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Finding } from "../checks/check.ts";
import { runTreadle } from "../testing/run-treadle.ts";
import { startScriptedServer } from "../testing/scripted-server.ts";

const BINARY = join(import.meta.dirname, "../../bin/treadle.mjs");

type Report = { ok: boolean; findings: (Finding & { name: string })[] };

async function examine(env: Record<string, string>) {
  const { code, json } = await runTreadle(["doctor", "--json"], { env });
  const report: Report = json();
  return { code, report, of: (name: string) => report.findings.filter((finding) => finding.name === name) };
}

const freePort = () =>
  new Promise<string>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(String(typeof address === "object" && address ? address.port : 0)));
    });
  });

test("on a machine that can run it and without a server, nothing has failed", async () => {
  const { code, report, of } = await examine({ TREADLE_PORT: await freePort() });
  expect(report.findings.filter(({ state }) => state === "failed")).toEqual([]);
  expect(of("Columnar engine")).toMatchObject([{ state: "ok" }]);
  expect(of("Model engine")).toMatchObject([{ state: "ok" }]);
  expect(of("Database engine")).toMatchObject([{ state: "ok" }]);
  expect(of("Server")).toMatchObject([{ state: "ok", message: expect.stringContaining("npm start") }]);
  expect(code).toBe(0);
});

test("a port that another program holds fails and names a way out", async () => {
  // It takes connections and never answers.
  const other = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const { code, of } = await examine({ TREADLE_PORT: String(port) });
  expect(of("Port")).toMatchObject([{ state: "failed", remedy: expect.stringContaining(`TREADLE_PORT=${port + 1}`) }]);
  expect(code).toBe(1);
  await new Promise((resolve) => other.close(resolve));
});

test("a program that answers every path with JSON is not taken for Treadle", async () => {
  const other = await startScriptedServer({ "GET /healthz": () => ({}) });
  const { port } = new URL(other.url);
  const { code, of } = await examine({ TREADLE_PORT: port });
  expect(of("Port")).toMatchObject([{ state: "failed", message: `another program uses port ${port}` }]);
  expect(of("Server")).toMatchObject([{ state: "ok", message: expect.stringContaining("no server is running") }]);
  expect(code).toBe(1);
  await other.close();
});

test.each([
  [256, "failed"],
  [2_048, "warning"],
  [8_192, "ok"],
])("a limit of %i open files is %s", (limit, state) => {
  const script = `ulimit -n ${limit} && exec "$0" "$1" doctor --json`;
  const { stdout } = spawnSync("sh", ["-c", script, process.execPath, BINARY], { encoding: "utf8" });
  const { findings } = JSON.parse(stdout) as Report;
  expect(findings.find(({ name }) => name === "Open files")).toMatchObject({
    state,
    message: `${limit} files and connections can be open at once`,
  });
});

test("a key file that others can read fails, and the fix is shown as a command", async () => {
  const folder = mkdtempSync(join(tmpdir(), "treadle data it's-"));
  writeFileSync(join(folder, "api-key"), "tr_x");
  chmodSync(join(folder, "api-key"), 0o644);
  const { code, of } = await examine({ TREADLE_DATA: folder, TREADLE_PORT: await freePort() });
  expect(of("Data folder")).toMatchObject([{ state: "failed", remedy: expect.stringMatching(/^chmod 600 '/) }]);
  const [{ remedy = "" } = {}] = of("Data folder");
  execFileSync("sh", ["-c", remedy]);
  expect(statSync(join(folder, "api-key")).mode & 0o777).toBe(0o600);
  expect(code).toBe(1);
  rmSync(folder, { recursive: true });
});

const health = { "GET /healthz": () => ({ status: "ok" }) };

test("a store that is down is reported by name, also when the server answers 503", async () => {
  const server = await startScriptedServer({
    ...health,
    "GET /readyz": (_, response) => {
      response.statusCode = 503;
      return { isReady: false, stores: [{ name: "columnar", state: "down", message: "the disk is full" }] };
    },
  });
  const { code, of } = await examine({ TREADLE_URL: server.url });
  expect(of("Server")).toMatchObject([{ state: "failed", message: "columnar is down: the disk is full" }]);
  expect(code).toBe(1);
  await server.close();
});

test("a running server without a model, or with a required key, is reported with a next step", async () => {
  const models = [{ modelId: "small", kind: "chat", state: "available", isDefault: true }];
  const server = await startScriptedServer({
    ...health,
    "GET /readyz": () => ({ isReady: true, stores: [] }),
    "GET /api/v1/models": () => ({ items: models, memoryBudgetBytes: 1, memoryUsedBytes: 0 }),
  });
  const { code, of } = await examine({ TREADLE_URL: server.url });
  expect(of("Server")).toMatchObject([
    { state: "ok", message: "every store is open" },
    { state: "warning", message: expect.stringContaining("did not return its stores") },
    { state: "warning", remedy: "treadle pull small" },
  ]);
  expect(code).toBe(0);
  await server.close();
});
