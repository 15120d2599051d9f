import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askProcess } from "../../../../../platform/launch/ask-process.ts";
import { createOutbound } from "../../../../../platform/outbound/open.ts";
import type { SourceSettings } from "../../stores/source-settings.ts";
import { listAll } from "../testing/list-all.ts";
import { gitConnector } from "./git.ts";
import { checkBranch, checkRepository } from "./git-address.ts";
import { openGuardedProxy } from "./guarded-proxy.ts";
import { gitEnvironment } from "./run-git.ts";

let folder: string;
const outbound = createOutbound({ allow: [] });
const deps = {
  outbound,
  folders: [],
  runProgram: askProcess,
  path: process.env.PATH ?? "",
  gitSchemes: ["https", "file"],
  now: Date.now,
};
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@test.invalid", ...args], { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-git-test-"));
  git("init", "-q", "-b", "main");
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs", "a.md"), "# One\n");
  await writeFile(join(folder, "readme.md"), "# Read me\n");
  await symlink("/etc/passwd", join(folder, "docs", "link.md"));
  git("add", ".");
  git("commit", "-q", "-m", "First");
  git("branch", "old");
  await writeFile(join(folder, "docs", "große Datei.md"), "# Two\n");
  git("add", ".");
  git("commit", "-q", "-m", "Second");
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await outbound.close();
});

const open = (settings: SourceSettings = {}) =>
  gitConnector.open(deps, { settings: { repository: `file://${folder}`, ...settings }, secret: "token" });
const list = async (settings?: SourceSettings) => {
  const source = open(settings);
  try {
    return (await listAll(source)).paths;
  } finally {
    await source.close();
  }
};

test("the files of a branch or a folder are listed with their hashes, without links", async () => {
  expect(await list()).toEqual(["docs/a.md", "docs/große Datei.md", "readme.md"]);
  expect(await list({ branch: "old", subfolder: "/docs/" })).toEqual(["a.md"]);
});

test("a listed file is read, and the clone is deleted when the source is closed", async () => {
  const isClone = (name: string) => name.startsWith("treadle-git-") && !name.startsWith("treadle-git-test-");
  const clones = async () => (await readdir(tmpdir())).filter(isClone).length;
  const before = await clones();
  const source = open();
  const { entries } = await listAll(source);
  const entry = entries["docs/große Datei.md"];
  expect(entry?.mark).toMatch(/^[0-9a-f]{40}$/);
  if (entry) expect(Buffer.from(await source.read(entry, new AbortController().signal)).toString()).toBe("# Two\n");
  expect(await clones()).toBe(before + 1);
  await source.close();
  expect(await clones()).toBe(before);
});

test("a missing branch, folder or repository is an error that says what to check", async () => {
  await expect(list({ branch: "nothing" })).rejects.toThrow("Check the branch");
  await expect(list({ subfolder: "nothing" })).rejects.toThrow('no folder "nothing"');
  await expect(list({ repository: `file://${folder}/nothing` })).rejects.toThrow("could not be read");
});

test("SSH, other schemes, credentials and options are refused", () => {
  for (const address of ["git@github.com:a/b.git", "ssh://git@github.com/a/b"])
    expect(() => checkRepository(address, ["https"])).toThrow("not over SSH");
  for (const address of ["file:///etc", "ext::sh -c id", "--upload-pack=id", "http://a.test/b", "git://a.test/b"])
    expect(() => checkRepository(address, ["https"])).toThrow("must begin with https://");
  expect(() => checkRepository("https://user:pass@a.test/b", ["https"])).toThrow("`token`");
  for (const branch of ["--upload-pack=id", "-b", "a..b", "a b", "a.lock"])
    expect(() => checkBranch(branch)).toThrow("not the name of a branch");
});

test("git sees no configuration of the machine, and secrets only in its environment", () => {
  const place = { folder, signal: new AbortController().signal, config: [["http.x.extraHeader", "secret"]] as const };
  expect(gitEnvironment({ path: "/bin", gitSchemes: ["https"] }, place)).toMatchObject({
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "https",
    HOME: folder,
  });
});

test("the proxy refuses private addresses and callers without its password", async () => {
  const proxy = await openGuardedProxy(outbound);
  const { port, username, password } = new URL(proxy.url);
  const connect = (authorization: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { "proxy-authorization": authorization };
      request({ host: "127.0.0.1", port, method: "CONNECT", path: "127.0.0.1:443", headers })
        .on("connect", ({ statusCode }, socket) => {
          socket.destroy();
          resolve(statusCode);
        })
        .on("error", reject)
        .end();
    });
  expect(await connect("Basic eDp5")).toBe(407);
  expect(await connect(`Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`)).toBe(502);
  expect(proxy.refusals[0]).toContain("not allowed");
  await proxy.close();
});

test("a repository at a private address is refused", async () => {
  await expect(gitConnector.check(deps, { repository: "https://127.0.0.1/a.git" })).rejects.toThrow("not allowed");
  const settings = { repository: "https://127.0.0.1:9/a.git" };
  const source = gitConnector.open(deps, { settings, secret: null });
  await expect(listAll(source)).rejects.toThrow("not allowed");
  await source.close();
});
