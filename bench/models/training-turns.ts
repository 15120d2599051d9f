// A run under the server and the bare script in turns: each is stopped while the other trains, so that what slows the machine slows both.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { percentile } from "../gateway/gateway-load.ts";

type Options = {
  readonly python: string;
  /** Of a run that is being trained: `job.json` and `events.jsonl`. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of each of the two. */
  readonly turns: number;
  readonly milliseconds: number;
  readonly warmUpSteps: number;
};
type Turn = { readonly from: number; readonly to: number };

const SCRIPT = fileURLToPath(new URL("./training-bare.py", import.meta.url));
/** In a turn with fewer, one slow step would be the median. */
const FEWEST_STEPS = 3;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (numbers: readonly number[]) => percentile(Float64Array.from(numbers).sort(), 0.5);

/**
 * Milliseconds per step, round by round, under the server and with the bare script, and the ratio for each pair of
 * rounds. The run continues afterwards; the script does not.
 */
export async function takeTurns({ python, folder, environment, turns, milliseconds, warmUpSteps }: Options) {
  const job = JSON.parse(await readFile(join(folder, "job.json"), "utf8"));
  const trainer = await pidOf(folder);
  process.kill(trainer, "SIGSTOP");
  // As patient as the run is with what else the machine does.
  const child = spawn("chrt", ["--idle", "0", "nice", "-n", "10", python, SCRIPT, join(folder, "job.json")], {
    env: { ...process.env, ...environment, OMP_NUM_THREADS: String(job.threads), TOKENIZERS_PARALLELISM: "false" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const bareEnds: number[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith('{"ended"')) bareEnds.push(JSON.parse(line).ended * 1_000);
  });
  const bare = child.pid ?? Number.NaN;
  const take = async (pid: number): Promise<Turn> => {
    const from = Date.now();
    process.kill(pid, "SIGCONT");
    await pause(milliseconds);
    process.kill(pid, "SIGSTOP");
    return { from, to: Date.now() };
  };
  try {
    while (bareEnds.length < warmUpSteps) {
      if (child.exitCode !== null) throw new Error(`the bare script ended with ${child.exitCode}`);
      await pause(50);
    }
    process.kill(bare, "SIGSTOP");
    const pairs: { readonly own: Turn; readonly bare: Turn }[] = [];
    for (let turn = 0; turn < turns; turn++) {
      // Who is first changes, so that what drifts in one direction favours neither.
      const first = await take(turn % 2 === 0 ? trainer : bare);
      const second = await take(turn % 2 === 0 ? bare : trainer);
      pairs.push(turn % 2 === 0 ? { own: first, bare: second } : { own: second, bare: first });
    }
    const ownEnds = await readEnds(folder);
    const timed = pairs
      .map((pair) => ({ own: stepsIn(ownEnds, pair.own), bare: stepsIn(bareEnds, pair.bare) }))
      .filter((pair) => pair.own.length >= FEWEST_STEPS && pair.bare.length >= FEWEST_STEPS)
      .map((pair) => ({ own: median(pair.own), bare: median(pair.bare) }));
    if (timed.length === 0) throw new Error("no turn had enough steps: make the turns longer");
    return {
      own: timed.map((pair) => pair.own),
      bare: timed.map((pair) => pair.bare),
      shares: timed.map((pair) => pair.own / pair.bare),
    };
  } finally {
    process.kill(bare, "SIGKILL");
    process.kill(trainer, "SIGCONT");
  }
}

/** The training process of a folder, which its watcher process started. */
export async function pidOf(folder: string): Promise<number> {
  const watcher = (await readFile(join(folder, "attempt-1.pid"), "utf8")).split("\n")[0];
  const children = await readFile(`/proc/${watcher}/task/${watcher}/children`, "utf8");
  return Number(children.trim());
}

/** When the run's steps ended, in milliseconds since 1970. */
async function readEnds(folder: string): Promise<number[]> {
  const lines = (await readFile(join(folder, "events.jsonl"), "utf8")).trim().split("\n");
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === "metrics")
    .map(({ t }) => t * 1_000);
}

/** Milliseconds of the steps that began and ended in a turn: the first that ends in it began before its process was stopped. */
function stepsIn(ends: readonly number[], { from, to }: Turn): number[] {
  const within = ends.filter((at) => at >= from && at <= to);
  return within.slice(1).map((at, index) => at - (within[index] ?? at));
}
