import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SANDBOX_FAILURES, type SandboxOutcome } from "./port.ts";
import type { SandboxJob, SandboxReply } from "./sandbox-child.ts";

const CHILD = fileURLToPath(new URL("./sandbox-child.ts", import.meta.url));
/** For the process to start, on a machine that is busy. */
const START_MS = 20_000;
/** The process's own limits end well before this. */
const GRACE_MS = 1_000;
const WATCH_MS = 25;
const PAGE_BYTES = 4_096;
const MIB = 1024 * 1024;
/** V8's memory in addition to the limited heap. */
const BESIDE_MIB = 48;

export type SandboxOrder = Omit<SandboxJob, "id">;

/**
 * One process for code of strangers: Node with its permissions taken away, an empty environment and, where there is one, a
 * wall before the network. It runs one job at a time and is killed when a job takes too long or too much memory.
 */
export function startSandboxProcess({ wall, memoryMb }: { wall: readonly string[]; memoryMb: number }) {
  const flags = [
    "--permission",
    `--allow-fs-read=${CHILD}`,
    "--disallow-code-generation-from-strings",
    "--no-warnings",
  ];
  const [command = process.execPath, ...rest] = [
    ...wall,
    process.execPath,
    ...flags,
    `--max-old-space-size=${memoryMb}`,
    CHILD,
  ];
  const child = spawn(command, rest, { env: {}, stdio: ["ignore", "ignore", "ignore", "ipc"], serialization: "json" });
  child.unref();
  child.channel?.unref();

  let isAlive = true;
  let isHeavy = false;
  let lastId = 0;
  let hear: (reply: SandboxReply | null) => void = () => undefined;
  child.on("message", (reply) => isReply(reply) && hear(reply));
  child.on("error", die);
  child.on("exit", die);
  function die(): void {
    isAlive = false;
    hear(null);
  }
  function kill(): void {
    child.kill("SIGKILL");
    die();
  }

  const ready = wait(0, START_MS).then((reply) => reply !== null && reply !== "late");
  /** Null if the process ended, `late` if it did not respond in time. */
  function wait(id: number, ms: number): Promise<string | "late" | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve("late"), ms);
      hear = (reply) => {
        if (reply !== null && reply.id !== id) return;
        clearTimeout(timer);
        resolve(reply?.outcome ?? null);
      };
      if (!isAlive) hear(null);
    });
  }

  return {
    isAlive: () => isAlive,
    kill,
    async run(order: SandboxOrder, signal: AbortSignal): Promise<SandboxOutcome> {
      signal.addEventListener("abort", kill, { once: true });
      try {
        if (!(await ready) || !isAlive) return died();
        const base = residentBytes(child) ?? 0;
        const watch = setInterval(() => {
          isHeavy = (residentBytes(child) ?? 0) - base > (memoryMb + BESIDE_MIB) * MIB;
          if (isHeavy) kill();
        }, WATCH_MS);
        const answer = wait(++lastId, order.timeMs + GRACE_MS);
        child.send({ ...order, id: lastId } satisfies SandboxJob, (error) => error && kill());
        const said = await answer;
        clearInterval(watch);
        if (said === "late") {
          kill();
          return { kind: "too-slow", message: `The code ran longer than the limit of ${order.timeMs} ms.` };
        }
        if (said === null) return isHeavy || wasHeap(child) ? tooHeavy(memoryMb) : died();
        return readOutcome(said);
      } finally {
        signal.removeEventListener("abort", kill);
      }
    },
  };
}
export type SandboxProcess = ReturnType<typeof startSandboxProcess>;

const died = (): SandboxOutcome => ({ kind: "died", message: "The sandbox process ended unexpectedly." });
const tooHeavy = (memoryMb: number): SandboxOutcome => ({
  kind: "too-much-memory",
  message: `The code needs more than ${memoryMb} MB of memory.`,
});

/** V8 aborts when its heap is full. */
const wasHeap = ({ signalCode, exitCode }: ChildProcess) =>
  signalCode === "SIGABRT" || signalCode === "SIGTRAP" || exitCode === 134 || exitCode === 133;

/** Null if the system does not report it. Buffers are outside V8's heap, so their memory is visible only here. */
function residentBytes({ pid }: ChildProcess): number | null {
  if (process.platform !== "linux" || pid === undefined) return null;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return null;
  }
}

const isReply = (value: unknown): value is SandboxReply =>
  typeof value === "object" &&
  value !== null &&
  "outcome" in value &&
  typeof value.outcome === "string" &&
  "id" in value;

/** The process may be under an attacker's control: its output is treated like external input. */
function readOutcome(said: string): SandboxOutcome {
  let read: unknown;
  try {
    read = JSON.parse(said);
  } catch {
    return { kind: "unreadable", message: "The return value of the function cannot be read." };
  }
  if (typeof read !== "object" || read === null || !("kind" in read)) return died();
  if (read.kind === "value" && "value" in read)
    return {
      kind: "value",
      value: read.value,
      logs: "logs" in read && Array.isArray(read.logs) ? read.logs.map(String) : [],
    };
  const kind = SANDBOX_FAILURES.find((known) => known === read.kind);
  return kind ? { kind, message: "message" in read ? String(read.message) : "" } : died();
}
