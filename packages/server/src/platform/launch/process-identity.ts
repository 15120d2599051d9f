import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const STAT_STATE = 0;
const STAT_START = 19;

/** A process by its number and when it began: the number alone is given to another one later. */
export type Identity = { readonly pid: number; readonly startedAt: string };

/** What `launch.sh` wrote: the number in the first line, when it began in the second. Null for anything else. */
export function parseIdentity(text: string): Identity | null {
  const [first = "", startedAt = ""] = text.split("\n");
  const pid = Number(first);
  return Number.isSafeInteger(pid) && pid > 1 && startedAt.trim() !== "" ? { pid, startedAt: startedAt.trim() } : null;
}

/** Whether it still runs. One that has ended and that nobody has buried yet does not. */
export async function isAlive({ pid, startedAt }: Identity): Promise<boolean> {
  return (await startOf(pid)) === startedAt;
}

/** When the process of this number began, as the system writes it; null when there is none. */
export async function startOf(pid: number): Promise<string | null> {
  if (process.platform === "linux") return startOnLinux(pid);
  try {
    const { stdout } = await run("ps", ["-o", "state=,lstart=", "-p", String(pid)]);
    const [state = "", ...start] = stdout.trim().split(/\s+/);
    return state.startsWith("Z") || start.length === 0 ? null : start.join(" ");
  } catch {
    return null;
  }
}

async function startOnLinux(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[STAT_STATE] === "Z" || fields[STAT_STATE] === "X" ? null : (fields[STAT_START] ?? null);
  } catch {
    return null;
  }
}
