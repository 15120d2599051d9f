import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const binary = fileURLToPath(new URL("../../bin/treadle.mjs", import.meta.url));

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** The program is interrupted once, as soon as it has written this to either output. */
  readonly interruptAt?: string;
};

/** Runs the real command in an empty folder, without the settings of the user who runs the tests. */
export async function runTreadle(args: readonly string[], { env = {}, stdin = "", interruptAt }: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "treadle-cli-"));
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, XDG_CONFIG_HOME: folder, NO_COLOR: "1", ...env },
  });
  let stdout = "";
  let stderr = "";
  let isInterrupted = false;
  const interrupt = () => {
    if (isInterrupted || !interruptAt || !(stdout + stderr).includes(interruptAt)) return;
    isInterrupted = true;
    child.kill("SIGINT");
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    interrupt();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    interrupt();
  });
  child.stdin.end(stdin);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  rmSync(folder, { recursive: true, force: true });
  return { code, stdout, stderr, json: () => JSON.parse(stdout) };
}
