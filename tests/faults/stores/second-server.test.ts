import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../../packages/sdk/src/index.ts";
import { startPostgresServer } from "../../../packages/server/src/platform/postgres/testing/start-postgres-server.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const server = await startPostgresServer();
const folder = await mkdtemp(join(tmpdir(), "treadle-second-"));
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.runIf(server)("servers on one PostgreSQL database", () => {
  let url: string;
  let first: RunningTreadle;
  let provider: ScriptedProvider;
  const start = (name: string, env: Readonly<Record<string, string>> = {}) =>
    startTreadle({
      dataFolder: join(folder, name),
      env: { TREADLE_POSTGRES_URL: url, TREADLE_SAMPLE_DATA: "false", ...env },
    });
  const chat = (treadle: RunningTreadle) =>
    createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }).call("POST /v1/chat/completions", {
      body: { model: "scripted/echo-1", messages: [{ role: "user", content: "hello" }] },
    });

  beforeAll(async () => {
    if (server) url = await server.createDatabase();
    provider = await startScriptedProvider();
    first = await start("first");
    await createClient({ baseUrl: first.url, apiKey: first.apiKey }).call("POST /api/v1/connections", {
      body: { slug: "scripted", preset: "vllm", baseUrl: provider.baseUrl, keys: [{ value: "sk-secret" }] },
    });
  });
  afterAll(async () => {
    await first?.stop();
    await provider?.close();
  });

  test("a second server is rejected with the name of the first, and the first continues", async () => {
    await expect(start("second")).rejects.toThrow(
      new RegExp(
        `ended with 1 while starting[\\s\\S]*is in use by process ${first.pid} on .*Only one server at a time`,
      ),
    );
    await expect(chat(first)).resolves.toMatchObject({ choices: [{}] });
  });

  test("a server that lost its lease takes it again and continues", async () => {
    const admin = new pg.Client(url);
    await admin.connect();
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    const holders = () =>
      admin.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7470002 AND granted");
    await expect.poll(async () => (await holders()).rowCount, { timeout: 20_000 }).toBe(1);
    await admin.end();
    await expect(chat(first)).resolves.toMatchObject({ choices: [{}] });
    await expect(start("second")).rejects.toThrow(/is in use by process/);
  });

  test("a killed server leaves the database free for the next start", async () => {
    await first.stop("SIGKILL");
    first = await start("first");
    await expect(chat(first)).resolves.toMatchObject({ choices: [{}] });
  });

  test("a data folder without the key is refused, no other key is made, and the provider is never called without a key", async () => {
    await first.stop();
    await cp(join(folder, "first"), join(folder, "keyless"), { recursive: true });
    await rm(join(folder, "keyless", "secret.key"));
    await expect(start("keyless")).rejects.toThrow(/The secret key is missing: .*Restore secret\.key/);
    expect(existsSync(join(folder, "keyless", "secret.key"))).toBe(false);
    await writeFile(join(folder, "keyless", "secret.key"), randomBytes(32).toString("base64"));
    await expect(start("keyless")).rejects.toThrow(/is not the key that the stored secrets were encrypted with/);
  });

  test("a lost key can be replaced on purpose; a connection whose key is lost says so and is not called", async () => {
    const replaced = await start("keyless", { TREADLE_REPLACE_SECRET_KEY: "true" });
    const calls = provider.seen.length;
    const refusal = await chat(replaced).catch(String);
    await replaced.stop();
    expect(refusal).toMatch(/stored key of the connection "scripted" cannot be decrypted/);
    expect(provider.seen.length).toBe(calls);
    await expect(start("first")).rejects.toThrow(/is not the key that the stored secrets were encrypted with/);
  });
});
