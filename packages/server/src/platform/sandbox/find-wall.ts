import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const UNSHARE = "/usr/bin/unshare";
const LONGEST_MS = 5_000;

/**
 * What to put before a command so that it has a network of its own with nothing in it, where the system lets a process without
 * rights do that (Linux, unless it is switched off); nothing elsewhere.
 */
export async function findWall(): Promise<readonly string[]> {
  if (process.platform !== "linux" || !existsSync(UNSHARE)) return [];
  for (const user of ["--map-current-user", "--map-root-user"]) {
    const wall = [UNSHARE, user, "--net", "--"];
    if (await works([...wall, process.execPath, "--version"])) return wall;
  }
  return [];
}

function works([command = "", ...rest]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, rest, { env: {}, stdio: "ignore", timeout: LONGEST_MS });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}
