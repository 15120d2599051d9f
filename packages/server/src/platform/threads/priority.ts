import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";
import { basename } from "node:path";

const THREADS = "/proc/self/task";
const THIS_THREAD = "/proc/thread-self";
/** As of `nice`: a tenth of what the thread that answers requests gets when both want the processor. */
const NICENESS = 10;
/**
 * The helper threads of a process's libraries, by name: V8's, which compile and collect garbage; Node's, which write
 * files and run queries of the embedded engine, for which callers may wait; and the engine's own, which insert, answer
 * and merge. A thread inherits the priority of the thread that starts it.
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
 * Lowers the priority of the helper threads, so that the main thread runs first. On a machine with few cores, it would
 * otherwise wait for them. Only on Linux, where threads have separate priorities; elsewhere nothing changes. Returns
 * the number of changed threads.
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

/** Relative to the main thread, whose priority may already be lower. Returns whether it was changed. */
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
