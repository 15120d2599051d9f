import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const Line = z.record(z.string(), z.unknown());
const program = fileURLToPath(new URL("./stores-child.ts", import.meta.url));

type Scenario = "hold" | "write" | "migrate" | "fill" | "outgrow";
export type Child = {
  readonly pid: number;
  /** The lines that it has printed so far. */
  readonly lines: readonly z.output<typeof Line>[];
  /** Resolves with the value of the first line that has the key. Rejects when the process ends without one. */
  tells(key: string): Promise<unknown>;
  /** Kills it like a power cut, and waits until it is gone. */
  kill(): Promise<void>;
  readonly ended: Promise<void>;
};

/** Runs a scenario in a separate process. `before` is a command that starts it, such as `unshare`. */
export function start(
  scenario: Scenario,
  folder: string,
  options: SpawnOptions & { before?: readonly string[] } = {},
): Child {
  const [command = process.execPath, ...rest] = [
    ...(options.before ?? []),
    process.execPath,
    program,
    scenario,
    folder,
  ];
  const child: ChildProcess = spawn(command, rest, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  const lines: z.output<typeof Line>[] = [];
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let onLine = () => {};
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      // A line that the kill cut off does not count.
      if (line.endsWith("}")) lines.push(Line.parse(JSON.parse(line)));
      onLine();
    });
  }
  return {
    pid: child.pid ?? 0,
    lines,
    ended,
    async tells(key) {
      let isOver = false;
      void ended.then(() => {
        isOver = true;
        onLine();
      });
      for (;;) {
        const line = lines.find((each) => key in each);
        if (line) return line[key];
        if (isOver) throw new Error(`the process ended without telling "${key}": ${JSON.stringify(lines)}`);
        await new Promise<void>((resolve) => {
          onLine = resolve;
        });
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const isRoot = process.getuid?.() === 0;
const unshare = isRoot ? ["unshare", "--mount"] : ["unshare", "--map-root-user", "--mount"];
const mounting = (folder: string, megabytes: number) => [
  ...unshare,
  "sh",
  "-c",
  `mount -t tmpfs -o size=${megabytes}m tmpfs ${folder} && exec "$@"`,
  "sh",
];

/**
 * A command that runs another command with a small disk mounted on a folder. The disk disappears with the process. Null
 * where the system does not allow it.
 */
export function withSmallDisk(folder: string, megabytes: number): readonly string[] | null {
  const [command = "", ...rest] = mounting(folder, megabytes);
  return spawnSync(command, [...rest, "true"]).status === 0 ? mounting(folder, megabytes) : null;
}

/** A command that runs another command with a limit on the size of files. */
export const withSmallFiles = (megabytes: number) => ["sh", "-c", `ulimit -f ${megabytes * 2_048} && exec "$@"`, "sh"];
