import { createHash } from "node:crypto";
import { findWall } from "./find-wall.ts";
import type { Sandbox, SandboxOutcome } from "./port.ts";
import { checkCode, readCode } from "./read-code.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

const IDLE_MS = 30_000;
const MOST_INPUT = 4_000_000;

/** How many processes there are at most, and how long each waits for more work. */
type Size = { readonly most: number; readonly idleMs: number };
type Idle = { readonly key: string; readonly process: SandboxProcess; readonly timer: NodeJS.Timeout };

/** Processes that wait for the next sample of their code, any number for one code. `most` run at once; more wait. */
function createPool({ most, idleMs }: Size) {
  /** The one that has waited the longest comes first. */
  const idle: Idle[] = [];
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
  function drop(one: Idle | undefined): SandboxProcess | undefined {
    if (!one || !idle.includes(one)) return undefined;
    clearTimeout(one.timer);
    idle.splice(idle.indexOf(one), 1);
    return one.process;
  }
  /** The process that ran this code last, or a new one that replaces an idle process. */
  async function take(key: string, memoryMb: number): Promise<SandboxProcess> {
    for (;;) {
      const known = drop(idle.findLast((one) => one.key === key));
      if (!known) break;
      if (known.isAlive()) return known;
    }
    if (idle.length + running.size >= most) drop(idle[0])?.kill();
    wall ??= findWall();
    return startSandboxProcess({ wall: await wall, memoryMb });
  }
  function giveBack(key: string, taken: SandboxProcess): void {
    if (isClosed) taken.kill();
    if (isClosed || !taken.isAlive()) return;
    const one: Idle = { key, process: taken, timer: setTimeout(() => drop(one)?.kill(), idleMs).unref() };
    idle.push(one);
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
      for (const one of [...idle]) drop(one)?.kill();
      for (const one of running) one.kill();
    },
  };
}

/** A process serves only one code, and ends when it is idle. */
export function openSandbox({ most = 2, idleMs = IDLE_MS }: Partial<Size> = {}): Sandbox {
  const pool = createPool({ most, idleMs });

  return {
    check: checkCode,
    async run({ code, entry, input, limits: { timeMs, memoryMb } }, signal): Promise<SandboxOutcome> {
      signal.throwIfAborted();
      const [problem, source] = [checkCode({ code, entry }), readCode(code)];
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
