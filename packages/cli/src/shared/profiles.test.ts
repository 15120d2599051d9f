import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { startRecordingServer } from "../testing/recording-server.ts";
import { runInProcess } from "../testing/run-in-process.ts";
import { profileFile } from "./profile-file.ts";

const projects = [
  { projectId: "project_1", name: "Support" },
  { projectId: "project_2", name: "Search" },
];
const server = await startRecordingServer(() => ({ items: projects, nextCursor: null }));
const other = await startRecordingServer();
afterAll(() => Promise.all([server.close(), other.close()]));

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "treadle-profiles-"));
  server.requests.splice(0);
  other.requests.splice(0);
});
afterEach(() => rmSync(home, { recursive: true }));

type Env = Readonly<Record<string, string>>;
const run = (argv: readonly string[], { env = {}, stdin = "" }: { env?: Env; stdin?: string } = {}) =>
  runInProcess(argv, { env: { XDG_CONFIG_HOME: home, ...env }, stdin });
const login = (...argv: string[]) => run(["login", "--url", server.url, "--key", "tr_1", ...argv]);
const sent = () => [...server.requests, ...other.requests].at(-1)?.headers;

test("login checks the key and stores it where only its owner can read it", async () => {
  const { code, stdout } = await login();
  const file = profileFile({ XDG_CONFIG_HOME: home });
  expect([code, stdout]).toEqual([0, expect.stringContaining(`Signed in to ${server.url}, Support.`)]);
  expect(stdout).toContain(file);
  expect(sent()).toMatchObject({ authorization: "Bearer tr_1" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, "treadle")).mode & 0o777).toBe(0o700);
});

test("the key can come from standard input, and is never printed", async () => {
  const { stdout } = await run(["login", "--url", server.url, "--key", "-", "--json"], { stdin: "tr_secret\n" });
  expect(sent()?.authorization).toBe("Bearer tr_secret");
  expect(stdout).not.toContain("tr_secret");
  expect((await run(["profile", "list"])).stdout).not.toContain("tr_secret");
});

test("a key that the server rejects is not stored", async () => {
  server.respondWith((_, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end('{"error":{"code":"unauthorized","message":"The key is wrong."}}');
  });
  expect(await login()).toMatchObject({ code: 1, stderr: expect.stringContaining("The key is wrong.") });
  server.respondWith(() => ({ items: projects, nextCursor: null }));
  expect((await run(["profile", "list", "--json"])).json()).toEqual([]);
});

test("a project that the key does not reach is refused with the projects that it does", async () => {
  const { code, stderr } = await login("--project", "project_9");
  expect([code, stderr]).toEqual([64, expect.stringContaining("project_1 (Support), project_2 (Search)")]);
});

test("without a terminal, login says which flag is missing", async () => {
  expect(await run(["login"])).toMatchObject({ code: 64, stderr: expect.stringContaining("Missing --url VALUE") });
  expect(await run(["login", "--url", server.url])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("Missing --key VALUE"),
  });
});

test("commands use the current profile: its server, key and project", async () => {
  await login("--project", "project_2");
  await run(["dataset", "list"]);
  expect(sent()).toMatchObject({ authorization: "Bearer tr_1", "x-treadle-project": "project_2" });
});

test("several profiles: the latest is current, another can be used once or from now on", async () => {
  await login("--profile", "production");
  await run(["login", "--url", server.url, "--key", "tr_2", "--profile", "staging"]);
  await run(["dataset", "list"]);
  expect(sent()?.authorization).toBe("Bearer tr_2");
  await run(["dataset", "list", "--profile", "production"]);
  expect(sent()?.authorization).toBe("Bearer tr_1");
  await run(["dataset", "list"], { env: { TREADLE_PROFILE: "production" } });
  expect(sent()?.authorization).toBe("Bearer tr_1");
  expect((await run(["profile", "use", "production"])).code).toBe(0);
  await run(["dataset", "list"]);
  expect(sent()?.authorization).toBe("Bearer tr_1");
  expect((await run(["profile", "list"])).stdout).toMatch(/^\* +production .*\n +staging /);
});

test("the environment wins over the current profile, an explicit profile over the environment, a flag over all", async () => {
  await login();
  const env = { TREADLE_URL: other.url, TREADLE_API_KEY: "tr_env" };
  await run(["dataset", "list"], { env });
  expect(other.requests[0]?.headers.authorization).toBe("Bearer tr_env");
  server.requests.splice(0);
  await run(["dataset", "list", "--profile", "default"], { env });
  expect(server.requests[0]?.headers.authorization).toBe("Bearer tr_1");
  await run(["dataset", "list", "--profile", "default", "--url", other.url, "--key", "tr_flag"], { env });
  expect(other.requests[1]?.headers.authorization).toBe("Bearer tr_flag");
});

test("the key of a profile is not sent to another server", async () => {
  await login("--project", "project_2");
  for (const [argv, env] of [
    [["--url", other.url], {}],
    [[], { TREADLE_URL: other.url }],
    [["--url", other.url, "--profile", "default"], {}],
  ] as const) {
    await run(["dataset", "list", ...argv], { env });
    const headers = other.requests.at(-1)?.headers;
    expect([headers?.authorization, headers?.["x-treadle-project"]]).toEqual([undefined, undefined]);
  }
  expect(other.requests).toHaveLength(3);
});

test("a deleted profile is forgotten, and with it the current one", async () => {
  await login();
  expect((await run(["profile", "delete", "default"])).code).toBe(0);
  expect(readFileSync(profileFile({ XDG_CONFIG_HOME: home }), "utf8")).not.toContain("tr_1");
  expect((await run(["profile", "delete", "default"])).code).toBe(64);
});

test("a broken file of profiles is named instead of ignored", async () => {
  await login();
  writeFileSync(profileFile({ XDG_CONFIG_HOME: home }), '{"profiles":[]');
  expect(await run(["dataset", "list"])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("config.json is not a valid list"),
  });
});
