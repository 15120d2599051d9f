import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openReservedCore, readCores } from "./reserved-core.ts";

afterEach(() => {
  vi.useRealTimers();
});

const CORES = { all: "0-3", allButOne: "1,2,3" };

function open(threads: Map<number, string>) {
  vi.useFakeTimers();
  const moves: string[] = [];
  const spareCore = openReservedCore({
    cores: CORES,
    listThreads: () => threads,
    mover: {
      move: (thread, cores) => void moves.push(`${thread} to ${cores}`),
      close: () => void moves.push("closed"),
    },
  });
  const call = (times: number) => {
    for (let count = 0; count < times; count++) spareCore.called();
  };
  const movesAfter = (milliseconds: number) => {
    moves.length = 0;
    vi.advanceTimersByTime(milliseconds);
    return [...moves];
  };
  return { spareCore, call, movesAfter, moves };
}
const THREADS = [
  [process.pid, "MainThread"],
  [11, "V8Worker"],
  [12, "postgres"],
  [13, "otlp"],
] as const;

test("with twenty calls in five seconds the threads that compute leave a core to those that answer", () => {
  const { call, movesAfter } = open(new Map(THREADS));
  call(10);
  expect(movesAfter(4_000)).toEqual([]);
  call(10);
  expect(movesAfter(1_000)).toEqual(["11 to 1,2,3", "13 to 1,2,3"]);
});

test("calls that are rarer move nothing", () => {
  const { call, movesAfter } = open(new Map(THREADS));
  for (let second = 0; second < 60; second++) {
    call(3);
    expect(movesAfter(1_000)).toEqual([]);
  }
});

test("a later thread is moved as well, also with the number of an ended thread", () => {
  const threads = new Map<number, string>(THREADS);
  const { call, movesAfter } = open(threads);
  call(20);
  movesAfter(1_000);
  threads.set(14, "ThreadPool").delete(13);
  expect(movesAfter(1_000)).toEqual(["14 to 1,2,3"]);
  threads.set(13, "otlp");
  expect(movesAfter(1_000)).toEqual(["13 to 1,2,3"]);
});

test("half a minute without traffic gives all threads all cores", () => {
  const { call, movesAfter } = open(new Map(THREADS));
  call(20);
  movesAfter(1_000);
  expect(movesAfter(29_000)).toEqual([]);
  expect(movesAfter(1_000)).toEqual(["11 to 0-3", "13 to 0-3"]);
  expect(movesAfter(60_000)).toEqual([]);
});

test("closing gives the core back", () => {
  const { call, movesAfter, moves, spareCore } = open(new Map(THREADS));
  call(20);
  movesAfter(1_000);
  moves.length = 0;
  spareCore.close();
  expect(moves).toEqual(["11 to 0-3", "13 to 0-3", "closed"]);
});

test("the cores are those that the process may use, and of one alone none is spared", async () => {
  const folder = await mkdtemp(join(tmpdir(), "treadle-cores-"));
  const read = async (list: string) => {
    await writeFile(
      join(folder, "status"),
      `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`,
    );
    return readCores(join(folder, "status"));
  };
  expect(await read("0-1")).toEqual({ all: "0-1", allButOne: "1" });
  expect(await read("2-4,8,10-11")).toEqual({ all: "2-4,8,10-11", allButOne: "3,4,8,10,11" });
  expect(await read("5")).toBeNull();
  expect(readCores(join(folder, "none"))).toBeNull();
  await rm(folder, { recursive: true });
});

const canMove = existsSync("/proc/self/task") && readCores() !== null && existsSync("/usr/bin/taskset");

/** The shells that this process has started, by number. */
const shells = () =>
  readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter((child) => child.trim() !== "" && readFileSync(`/proc/${child}/cmdline`, "utf8").includes("taskset"));

test.runIf(canMove)("threads are moved and come back, also when the shell was ended meanwhile", async () => {
  const allowed = () => {
    const cores = new Map<string, Set<string>>([
      ["answers", new Set()],
      ["computes", new Set()],
    ]);
    for (const thread of readdirSync("/proc/self/task")) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, "utf8").trim();
      // Another file of this process may have opened the database, whose thread answers too.
      const kind = Number(thread) === process.pid || name === "postgres" ? "answers" : "computes";
      const status = readFileSync(`/proc/self/task/${thread}/status`, "utf8");
      cores.get(kind)?.add(/^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1] ?? "");
    }
    return Object.fromEntries([...cores].map(([kind, lists]) => [kind, [...lists]]));
  };
  const before = readCores();
  const spareCore = openReservedCore();
  for (let count = 0; count < 30; count++) spareCore.called();
  const allButOne = before?.allButOne.split(",") ?? [];
  const shortest = allButOne.length === 1 ? allButOne[0] : expect.stringMatching(/[-,]/);
  await vi.waitFor(() => expect(allowed()).toEqual({ answers: [before?.all], computes: [shortest] }), 10_000);
  const ended = shells();
  expect(ended).toHaveLength(1);
  process.kill(Number(ended[0]), "SIGKILL");
  // Gone, and not only ended: until its end was taken note of it is still written to.
  await vi.waitFor(() => expect(existsSync(`/proc/${ended[0]}`)).toBe(false), 10_000);
  spareCore.close();
  await vi.waitFor(() => expect(allowed()).toEqual({ answers: [before?.all], computes: [before?.all] }), 10_000);
});
