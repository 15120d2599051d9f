import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const STAT_STATE = 0;
const STAT_START = 19;

/** A process by its number and when it began: the number alone is given to another one later. */
export type Identity = { readonly pid: number; readonly startedAt: string };

/** The file of `launch.sh`: the process id in the first line, its start time in the second. Null for other content. */
export function parseIdentity(text: string): Identity | null {
  const [first = "", startedAt = ""] = text.split("\n");
  const pid = Number(first);
  return Number.isSafeInteger(pid) && pid > 1 && startedAt.trim() !== "" ? { pid, startedAt: startedAt.trim() } : null;
}

/** Whether it still runs. A zombie does not count. */
export async function isAlive({ pid, startedAt }: Identity): Promise<boolean> {
  return (await startOf(pid)) === startedAt;
}

/** The start time of the process, in the system's notation. Null if there is none. */
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
