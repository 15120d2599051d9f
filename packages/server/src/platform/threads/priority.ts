import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";
import { basename } from "node:path";

const THREADS = "/proc/self/task";
const THIS_THREAD = "/proc/thread-self";
/** As of `nice`: a tenth of what the thread that answers requests gets when both want the processor. */
const NICENESS = 10;
/**
 * The helpers that a process has from its libraries, by what they are called: V8's, which compile and collect garbage; Node's, which write files and
 * run questions to the embedded engine, and which somebody may be waiting for; and the engine's own, which insert, answer and, for nobody who waits, merge.
 * A thread that one of them starts has its priority.
 */
const HELPERS: ReadonlyMap<string, number> = new Map([
  ["V8Worker", NICENESS],
  ["libuv-worker", NICENESS / 2],
  ["ThreadPool", NICENESS],
  ["MergeMutate", NICENESS * 1.5],
  ["BgSchPool", NICENESS],
  // The engine's threads that take questions have the name of the thread that opened them.
  ["MainThread", NICENESS],
]);

/**
 * Has the helpers that there are step back for the thread that answers requests: on a machine of few cores it would wait for a turn among them.
 * On Linux alone, where threads have a priority of their own; elsewhere nothing is changed. Gives how many stepped back.
 */
export function calmHelpers(): number {
  if (!existsSync(THREADS)) return 0;
  const helpers = readdirSync(THREADS).filter((thread) => Number(thread) !== process.pid);
  return helpers.filter((thread) => calm(Number(thread), HELPERS.get(nameOf(thread)) ?? 0)).length;
}

/** The same for the thread that calls it, by less than the usual when a request waits for what it computes. */
export function stepBack(by = NICENESS): void {
  if (existsSync(THIS_THREAD)) calm(Number(basename(readlinkSync(THIS_THREAD))), by);
}

/** By so much against the thread that answers, which may itself have been told to step back. Gives whether it was done. */
function calm(thread: number, by: number): boolean {
  if (by === 0) return false;
  const niceness = Math.min(constants.priority.PRIORITY_LOW, getPriority(process.pid) + by);
  try {
    // To take it forward again wants a right that few programs have.
    if (getPriority(thread) < niceness) setPriority(thread, niceness);
    return true;
  } catch {
    // It has ended since it was listed.
    return false;
  }
}

/** Empty for a thread that has ended since it was listed. */
function nameOf(thread: string): string {
  try {
    return readFileSync(`${THREADS}/${thread}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
