import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const Line = z.record(z.string(), z.unknown());
const program = fileURLToPath(new URL("./stores-child.ts", import.meta.url));

type Scenario = "hold" | "write" | "migrate" | "fill" | "outgrow";
export type Child = {
  readonly pid: number;
  /** What it has told until now. */
  readonly lines: readonly z.output<typeof Line>[];
  /** Resolves with the first line that has the key; rejects when the process ends without one. */
  tells(key: string): Promise<unknown>;
  /** Kills it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  readonly ended: Promise<void>;
};

/** Runs a scenario in a process of its own; `before` is a command that starts it, such as `unshare`. */
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
  let heard = () => {};
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      // A line that was cut off by the kill was not told.
      if (line.endsWith("}")) lines.push(Line.parse(JSON.parse(line)));
      heard();
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
        heard();
      });
      for (;;) {
        const line = lines.find((each) => key in each);
        if (line) return line[key];
        if (isOver) throw new Error(`the process ended without telling "${key}": ${JSON.stringify(lines)}`);
        await new Promise<void>((resolve) => {
          heard = resolve;
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

/** A command that runs another one with a small disk of its own on a folder, which is gone when the process is; null where the system does not allow it. */
export function withSmallDisk(folder: string, megabytes: number): readonly string[] | null {
  const [command = "", ...rest] = mounting(folder, megabytes);
  return spawnSync(command, [...rest, "true"]).status === 0 ? mounting(folder, megabytes) : null;
}

/** A command that runs another one which can write no file larger than this. */
export const withSmallFiles = (megabytes: number) => ["sh", "-c", `ulimit -f ${megabytes * 2_048} && exec "$@"`, "sh"];
