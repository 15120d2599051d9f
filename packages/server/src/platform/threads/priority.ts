import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { basename } from "node:path";

const THREADS = "/proc/self/task";
const THIS_THREAD = "/proc/thread-self";
/** As of `nice`: a tenth of what the thread that answers requests gets when both want the processor. */
const NICENESS = 10;
/**
 * The helpers that a process has from its libraries, by what they are called: V8's, which compile and collect garbage; Node's, which write files and
 * run questions to the embedded engine, and which somebody may be waiting for; and the engine's own, which insert, answer and merge.
 * A thread that one of them starts has its priority.
 */
const HELPERS: ReadonlyMap<string, number> = new Map([
  ["V8Worker", NICENESS],
  ["libuv-worker", NICENESS / 2],
  ["ThreadPool", NICENESS],
  ["MergeMutate", NICENESS],
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
  let calmed = 0;
  for (const thread of readdirSync(THREADS)) {
    const niceness = Number(thread) === process.pid ? undefined : HELPERS.get(nameOf(thread));
    if (niceness === undefined) continue;
    setPriority(Number(thread), niceness);
    calmed += 1;
  }
  return calmed;
}

/** The same for the thread that calls it: one that computes what nobody's request is held up by. */
export function stepBack(): void {
  if (existsSync(THIS_THREAD)) setPriority(Number(basename(readlinkSync(THIS_THREAD))), NICENESS);
}

/** Empty for a thread that has ended since it was listed. */
function nameOf(thread: string): string {
  const path = `${THREADS}/${thread}/comm`;
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
}
