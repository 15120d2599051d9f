import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLocalLauncher } from "./local.ts";
import type { LaunchOrder, LaunchPlace } from "./port.ts";
import { startOf } from "./process-identity.ts";

const launcher = createLocalLauncher({ logBytes: 1_000 });
const never = new AbortController().signal;
const environment = { PATH: process.env.PATH ?? "/usr/bin:/bin", ONLY: "this" };

let folder = "";
let place: LaunchPlace;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle 'launch' 100%41 $HOME é-"));
  place = { folder, name: "attempt-1" };
});
afterEach(async () => {
  await launcher.stop(place, { graceMs: 0 });
  await rm(folder, { recursive: true, force: true });
});

const shell = (script: string): LaunchOrder => ({ ...place, environment, command: ["/bin/sh", "-c", script] });
async function until(isSo: () => Promise<boolean>) {
  for (let tries = 0; tries < 600 && !(await isSo()); tries++) await delay(20);
  expect(await isSo()).toBe(true);
}
const hasEnded = async () => (await launcher.poll(place)).kind === "ended";
const read = (name: string) => readFile(join(folder, name), "utf8").catch(() => "");

test("nothing is known of a place before anything was started there", async () => {
  expect(await launcher.poll(place)).toEqual({ kind: "unknown" });
});

test("a process runs, prints to the log, and its exit code is stored", async () => {
  await launcher.submit(shell("echo said; echo complained >&2; exit 3"));
  await until(hasEnded);
  expect(await launcher.poll(place)).toEqual({ kind: "ended", exitCode: 3 });
  expect(await launcher.readLog(place, 100)).toEqual({ text: "said\ncomplained\n", isWhole: true });
});

test("it sees the environment that it was given and nothing else", async () => {
  await launcher.submit(shell("env > seen"));
  await until(hasEnded);
  const names = (await read("seen"))
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0]);
  expect(names.filter((name) => !["_", "PWD", "SHLVL", "OLDPWD"].includes(name ?? "")).toSorted()).toEqual([
    "ONLY",
    "PATH",
  ]);
});

test.runIf(process.platform === "linux")("it steps back for whatever else the machine does", async () => {
  await launcher.submit(shell("cut -d ' ' -f 41 /proc/self/stat > policy; nice > niceness"));
  await until(hasEnded);
  const IDLE_CLASS = "5";
  expect((await read("policy")).trim()).toBe(IDLE_CLASS);
  expect(Number(await read("niceness"))).toBeGreaterThanOrEqual(10);
});

test("asked twice for one place, it starts once, and a new launcher finds it again", async () => {
  const order = shell("echo x >> begun; sleep 30");
  await Promise.all([launcher.submit(order), createLocalLauncher().submit(order)]);
  await until(async () => (await read("begun")) !== "");
  await createLocalLauncher().submit(order);
  expect(await createLocalLauncher().poll(place)).toEqual({ kind: "running" });
  expect(await read("begun")).toBe("x\n");
});

test("it is asked to end and can clean up", async () => {
  await launcher.submit(shell("trap 'echo saved > saved; exit 3' TERM; echo > ready; while :; do sleep 0.05; done"));
  await until(async () => (await read("ready")) !== "");
  await launcher.stop(place, { graceMs: 10_000 });
  await until(hasEnded);
  expect(await read("saved")).toBe("saved\n");
  expect(await launcher.poll(place)).toEqual({ kind: "ended", exitCode: 3 });
});

test("a process that does not respond is killed, with all its children", async () => {
  await launcher.submit(shell("trap '' TERM; sh -c 'echo $$ > inner; sleep 60; :' & sleep 60; :"));
  await until(async () => (await read("inner")) !== "");
  const inner = Number(await read("inner"));
  await launcher.stop(place, { graceMs: 100 });
  await until(async () => (await startOf(inner)) === null);
  expect(await launcher.poll(place)).toEqual({ kind: "ended", exitCode: null });
});

test("killed from outside, it has ended and leaves nothing behind", async () => {
  await launcher.submit(shell("echo $$ > inner; sleep 60; :"));
  await until(async () => (await read("inner")) !== "");
  const inner = Number(await read("inner"));
  process.kill(Number((await read("attempt-1.pid")).split("\n")[0]), "SIGKILL");
  await until(hasEnded);
  expect(await launcher.poll(place)).toEqual({ kind: "ended", exitCode: null });
  await until(async () => (await startOf(inner)) === null);
});

test("another process that has its number by now is left alone", async () => {
  await writeFile(join(folder, "attempt-1.pid"), `${process.pid}\n12345\n`);
  expect(await launcher.poll(place)).toEqual({ kind: "ended", exitCode: null });
  await launcher.stop(place, { graceMs: 0 });
  expect(await startOf(process.pid)).not.toBeNull();
});

test("lines are read once and whole; a line that is being written waits", async () => {
  const file = join(folder, "events.jsonl");
  expect(await launcher.tail(place, "events.jsonl", 0)).toEqual({ lines: [], cursor: 0 });
  await writeFile(file, '{"é":1}\n{"b"');
  const first = await launcher.tail(place, "events.jsonl", 0);
  expect(first).toEqual({ lines: ['{"é":1}'], cursor: 9 });
  await writeFile(file, ":2}\n", { flag: "a" });
  expect(await launcher.tail(place, "events.jsonl", first.cursor)).toEqual({ lines: ['{"b":2}'], cursor: 17 });
  expect(await launcher.tail(place, "events.jsonl", 17)).toEqual({ lines: [], cursor: 17 });
});

test("a log does not grow for ever, and its end stays", async () => {
  await launcher.submit(shell("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; echo the end"));
  await until(hasEnded);
  await launcher.poll(place);
  expect((await stat(join(folder, "worker.log"))).size).toBeLessThanOrEqual(1_000);
  expect((await launcher.readLog(place, 8)).text).toBe("the end\n");
});

test("something short is run to its end, and what it says is given", async () => {
  const lines: string[] = [];
  const order = { folder, environment, command: ["/bin/sh", "-c", "echo one; echo two >&2; exit 1"] } as const;
  const answer = await launcher.ask(order, { signal: never, timeoutMs: 20_000, onLine: (line) => lines.push(line) });
  expect(answer).toEqual({ exitCode: 1, stdout: "one\n", stderr: "two\n" });
  expect(lines.toSorted()).toEqual(["one", "two"]);
});

test("what takes too long, is not wanted any more or is not there says so", async () => {
  const order = { folder, environment, command: ["/bin/sh", "-c", "sleep 60; :"] } as const;
  await expect(launcher.ask(order, { signal: never, timeoutMs: 50 })).rejects.toMatchObject({
    code: "provider_timeout",
  });
  const leaving = new AbortController();
  const asked = launcher.ask(order, { signal: leaving.signal, timeoutMs: 20_000 });
  leaving.abort(new Error("gone"));
  await expect(asked).rejects.toThrow("gone");
  const nobody = { ...order, command: [join(folder, "nobody")] } as const;
  await expect(launcher.ask(nobody, { signal: never, timeoutMs: 20_000 })).rejects.toThrow(/cannot be run/);
});

test("a process replies line by line, sees its environment alone, and its end is reported with its last words", async () => {
  const script = 'while read -r line; do [ "$line" = stop ] && echo no more >&2 && exit 4; echo "$ONLY $line"; done';
  const talk = launcher.converse({ folder, environment, command: ["/bin/sh", "-c", script] });
  expect(await talk.ask("one", { timeoutMs: 20_000 })).toEqual({ kind: "line", line: "this one" });
  expect(await talk.ask("two", { timeoutMs: 20_000 })).toEqual({ kind: "line", line: "this two" });
  const end = { kind: "ended", exitCode: 4, stderr: "no more\n" };
  expect(await talk.ask("stop", { timeoutMs: 20_000 })).toEqual(end);
  expect(await talk.ask("three", { timeoutMs: 20_000 })).toEqual(end);
});

test("a process that does not reply in time is killed with its children, and so is a process no longer needed", async () => {
  const command = ["/bin/sh", "-c", "sh -c 'echo $$ > inner; sleep 60; :' & sleep 60; :"] as const;
  const slow = launcher.converse({ folder, environment, command });
  await until(async () => (await read("inner")) !== "");
  const inner = Number(await read("inner"));
  await expect(slow.ask("one", { timeoutMs: 50 })).rejects.toMatchObject({ code: "provider_timeout" });
  await until(async () => (await startOf(inner)) === null);
  const unneeded = launcher.converse({ folder, environment, command: ["/bin/sh", "-c", "sleep 60"] });
  unneeded.end();
  expect(await unneeded.ask("one", { timeoutMs: 20_000 })).toMatchObject({ kind: "ended", exitCode: null });
  const missing = launcher.converse({ folder, environment, command: [join(folder, "nobody")] });
  expect(await missing.ask("one", { timeoutMs: 20_000 })).toMatchObject({
    stderr: expect.stringContaining("cannot be run"),
  });
});

test("something short ends with the process that waits for it, with all that it started", async () => {
  const script = `
    import { createLocalLauncher } from ${JSON.stringify(new URL("./local.ts", import.meta.url))};
    const order = { folder: ${JSON.stringify(folder)}, environment: { PATH: process.env.PATH } };
    const words = ["/bin/sh", "-c", "sh -c 'echo $$ > inner; sleep 60; :' & sleep 60; :"];
    await createLocalLauncher().ask({ ...order, command: words }, { signal: new AbortController().signal, timeoutMs: 60_000 });`;
  const asker = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  await until(async () => (await read("inner")) !== "");
  const inner = Number(await read("inner"));
  expect(await startOf(inner)).not.toBeNull();
  asker.kill("SIGKILL");
  await until(async () => (await startOf(inner)) === null);
});
