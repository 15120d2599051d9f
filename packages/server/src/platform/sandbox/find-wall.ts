import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const UNSHARE = "/usr/bin/unshare";
const LONGEST_MS = 5_000;

/**
 * The prefix of a command that gives it a separate empty network, if the system allows this without privileges (Linux,
 * unless disabled). Otherwise nothing.
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
