import { createHash } from "node:crypto";
import { stripTypeScriptTypes } from "node:module";
import { Script } from "node:vm";
import { findWall } from "./find-wall.ts";
import type { Sandbox, SandboxOutcome } from "./port.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

const IDLE_MS = 30_000;
const MOST_CODE = 200_000;
const MOST_INPUT = 4_000_000;
const MOST_READ = 200;
const NAME = /^[A-Za-z_]\w{0,60}$/;
/** A script has no exports, so the exports of a module are declared. */
const EXPORT = /^\s*export\s+(?:default\s+)?(?=(?:async\s+)?function\b|const\b|let\b)/gm;

type Idle = { readonly process: SandboxProcess; readonly timer: NodeJS.Timeout };

/** Processes that wait for the next sample of their code. `most` run at once; more wait. */
function createPool(most: number) {
  const idle = new Map<string, Idle>();
  const running = new Set<SandboxProcess>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let wall: Promise<readonly string[]> | undefined;
  let isClosed = false;

  async function enter(): Promise<void> {
    if (busy < most) busy++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }
  function drop(key: string): SandboxProcess | undefined {
    const found = idle.get(key);
    clearTimeout(found?.timer);
    idle.delete(key);
    return found?.process;
  }
  /** The process that ran this code before, or a new one that replaces an idle process. */
  async function take(key: string, memoryMb: number): Promise<SandboxProcess> {
    const known = drop(key);
    if (known?.isAlive()) return known;
    const [oldest] = idle.keys();
    if (oldest !== undefined && idle.size + running.size >= most) drop(oldest)?.kill();
    wall ??= findWall();
    return startSandboxProcess({ wall: await wall, memoryMb });
  }
  function giveBack(key: string, taken: SandboxProcess): void {
    if (isClosed || idle.has(key)) taken.kill();
    else if (taken.isAlive())
      idle.set(key, { process: taken, timer: setTimeout(() => drop(key)?.kill(), IDLE_MS).unref() });
  }

  return {
    async use<Result>(
      key: string,
      memoryMb: number,
      work: (taken: SandboxProcess) => Promise<Result>,
    ): Promise<Result> {
      await enter();
      try {
        const taken = await take(key, memoryMb);
        running.add(taken);
        const result = await work(taken);
        running.delete(taken);
        giveBack(key, taken);
        return result;
      } finally {
        leave();
      }
    },
    close() {
      isClosed = true;
      for (const key of [...idle.keys()]) drop(key)?.kill();
      for (const one of running) one.kill();
    },
  };
}

/** A process serves only one code, and ends when it is idle. */
export function openSandbox({ most = 2 }: { most?: number } = {}): Sandbox {
  const pool = createPool(most);
  const sources = new Map<string, string | Error>();

  function read(code: string): string | Error {
    const known = sources.get(code);
    if (known !== undefined) return known;
    if (sources.size >= MOST_READ) sources.clear();
    const source = toScript(code);
    sources.set(code, source);
    return source;
  }
  function check({ code, entry }: { code: string; entry: string }): string | null {
    if (!NAME.test(entry)) return `"${entry.slice(0, 60)}" is not a valid function name.`;
    const source = read(code);
    return source instanceof Error ? source.message : null;
  }

  return {
    check,
    async run({ code, entry, input, limits: { timeMs, memoryMb } }, signal): Promise<SandboxOutcome> {
      signal.throwIfAborted();
      const [problem, source] = [check({ code, entry }), read(code)];
      if (problem !== null || source instanceof Error) return { kind: "syntax", message: problem ?? "" };
      const json = JSON.stringify(input) ?? "null";
      if (json.length > MOST_INPUT)
        return { kind: "unreadable", message: "The sample is too large for the sandbox. Use a smaller sample." };
      const key = `${memoryMb} ${createHash("sha256").update(source).digest("hex")}`;
      const outcome = await pool.use(key, memoryMb, async (taken) =>
        signal.aborted ? null : taken.run({ source, entry, input: json, timeMs }, signal),
      );
      signal.throwIfAborted();
      return outcome ?? { kind: "died", message: "The code was stopped before it started." };
    },
    close: async () => pool.close(),
  };
}

/** JavaScript without types, parsed and not run; or what is wrong with it. */
function toScript(code: string): string | Error {
  if (code.length > MOST_CODE) return new Error(`The code is longer than ${MOST_CODE} characters. Shorten it.`);
  try {
    const source = stripTypeScriptTypes(code).replaceAll(EXPORT, "");
    new Script(source, { filename: "scorer.ts" });
    return source;
  } catch (error) {
    return new Error(error instanceof Error ? error.message.split("\n")[0] : "The code cannot be parsed.");
  }
}
