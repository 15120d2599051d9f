import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "./sources.ts";

/** A program in place of the server: prints its arguments, and exits with 7 when it is stopped. */
const SERVER = `
  console.log("started with " + process.argv.slice(2).join(" "));
  process.on("SIGTERM", () => { console.log("told to stop"); process.exit(7); });
  setInterval(() => {}, 1000);
`;
/** A program in place of Vite: counts its builds. */
const VITE = `
  import { appendFileSync, mkdirSync } from "node:fs";
  mkdirSync("dist", { recursive: true });
  appendFileSync("dist/index.html", "built\\n");
`;
/** A program in place of the build of the server. */
const BUILD = `
  import { cpSync, mkdirSync } from "node:fs";
  mkdirSync("dist", { recursive: true });
  cpSync("src/main.ts", "dist/main.mjs");
`;
const LOCK = { name: "tree", lockfileVersion: 3, requires: true, packages: { "": { name: "tree", version: "1.0.0" } } };

let tree: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "treadle-start-"));
  cpSync(join(root, "scripts"), join(tree, "scripts"), { recursive: true });
  write("scripts/build-server.mjs", BUILD);
  write("package.json", JSON.stringify({ name: "tree", version: "1.0.0", type: "module" }));
  write("package-lock.json", JSON.stringify(LOCK));
  write("packages/server/src/main.ts", SERVER);
  write("packages/web/index.html", "<p>page</p>");
  write("packages/web/src/main.tsx", "export {};");
  write("packages/contract/src/index.ts", "export {};");
  write("packages/guards/src/index.ts", "export {};");
  write("packages/metrics/src/index.ts", "export {};");
  write("packages/retrieval/src/index.ts", "export {};");
  write("packages/sdk/src/index.ts", "export {};");
  placeInstalled();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(tree, { recursive: true, force: true });
});

function write(path: string, text: string) {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

/** Writes the files that `npm ci` leaves. */
function placeInstalled() {
  write("node_modules/.package-lock.json", JSON.stringify({ ...LOCK, packages: {} }));
  write("node_modules/vite/package.json", JSON.stringify({ type: "module" }));
  write("node_modules/vite/bin/vite.js", VITE);
  mkdirSync(join(tree, "node_modules/node/bin"), { recursive: true });
  symlinkSync(process.execPath, join(tree, "node_modules/node/bin/node"));
}

function start(args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["scripts/start.mjs", ...args], { cwd: tree, env: { ...process.env, ...env } });
  children.push(child);
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    ended,
    output: () => output,
    says: (text: string) => expect.poll(() => output, { timeout: 20_000 }).toContain(text),
    stop: () => child.kill("SIGTERM"),
  };
}

async function startAndStop() {
  const run = start();
  await run.says("started");
  run.stop();
  await run.ended;
  return run.output();
}

test("arguments, a stop and the exit code pass between the parent process and the server", async () => {
  const run = start(["--one", "two"]);
  await run.says("started with --one two");
  run.stop();
  expect(await run.ended).toBe(7);
  expect(run.output()).toContain("told to stop");
});

test("what is installed and built already is not made again", async () => {
  expect(await startAndStop()).toContain("building the web app");
  const second = await startAndStop();
  expect(second).not.toContain("building");
  expect(second).not.toContain("installing");
  expect(readFileSync(join(tree, "packages/web/dist/index.html"), "utf8")).toBe("built\n");
});

test("a changed source of the web app is built again", async () => {
  await startAndStop();
  write("packages/contract/src/index.ts", "export const changed = 1;");
  expect(await startAndStop()).toContain("building the web app");
});

test("a lock file that names what is not there is installed", async () => {
  write(
    "package-lock.json",
    JSON.stringify({ ...LOCK, packages: { ...LOCK.packages, "node_modules/x": { version: "1.0.0" } } }),
  );
  const run = start();
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain("installing what it runs on");
  // npm accepts this lock file, but installs no Node. The next line checks that the script reports it.
  expect(run.output()).toContain("Node 24 is not among them");
});

test("an install that fails ends with what to do, and starts nothing", async () => {
  const dependencies = { "no-such-package-of-ours": "1.0.0" };
  write("scripts/build-server.mjs", BUILD);
  write("package.json", JSON.stringify({ name: "tree", version: "1.0.0", type: "module", dependencies }));
  const packages = {
    "": { name: "tree", version: "1.0.0", dependencies },
    "node_modules/no-such-package-of-ours": { version: "1.0.0" },
  };
  write("package-lock.json", JSON.stringify({ ...LOCK, packages }));
  const run = start([], {
    npm_config_registry: "http://127.0.0.1:9",
    npm_config_fetch_retries: "0",
    npm_config_cache: join(tree, "cache"),
  });
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain("the packages could not be installed");
  expect(run.output()).not.toContain("started");
  expect(existsSync(join(tree, "packages/web/dist"))).toBe(false);
});
