import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { AppError } from "../../kernel/errors.ts";
import type { Answered, LaunchCommand } from "./port.ts";

const SCRIPT = fileURLToPath(new URL("./ask.sh", import.meta.url));
/** Exit codes of a shell for a missing program, or a program that cannot be executed. */
const NOT_RUN = new Set([126, 127]);
const MOST_STDOUT = 64 * 1024 * 1024;
const KEPT_STDERR = 8_000;

type Options = { readonly signal: AbortSignal; readonly timeoutMs: number; readonly onLine?: (line: string) => void };

/**
 * Runs a command to its end and gives what it printed. `onLine` hears each line of both outputs as it comes. The command does not
 * outlive this process, however this one ends.
 */
export async function askProcess(
  { folder, command: [program, ...rest], environment }: LaunchCommand & { readonly folder: string },
  { signal, timeoutMs, onLine }: Options,
): Promise<Answered> {
  signal.throwIfAborted();
  const child = spawn("/bin/sh", [SCRIPT, program, ...rest], {
    cwd: folder,
    env: environment,
    detached: true,
    // Nothing is written to the first pipe. Its closing tells the script that no caller waits.
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  let isLate = false;
  const kill = () => {
    // The whole group, because pip and torch start child processes.
    if (child.pid !== undefined && child.exitCode === null) tryKill(-child.pid);
  };
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, timeoutMs);
  signal.addEventListener("abort", kill, { once: true });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    if (output.stdout.length > MOST_STDOUT) kill();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr = (output.stderr + text).slice(-KEPT_STDERR);
  });
  if (onLine) for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", onLine);
  try {
    const exitCode = await ended(child);
    signal.throwIfAborted();
    if (isLate)
      throw new AppError("provider_timeout", {
        message: `${program} did not finish within ${Math.round(timeoutMs / 1_000)} s.`,
      });
    if (exitCode !== null && NOT_RUN.has(exitCode))
      throw notRun(program, output.stderr.trim().split(": ").at(-1) ?? "");
    return { exitCode, ...output };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}

const ended = (child: ReturnType<typeof spawn>) =>
  new Promise<number | null>((resolve, reject) => {
    child.on("error", (cause) => reject(notRun(child.spawnfile, cause.message)));
    child.on("close", resolve);
  });

const notRun = (program: string, why: string) =>
  new AppError("unprocessable", { message: `${program} cannot be run: ${why}` });

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
