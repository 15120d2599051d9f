import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";

const THREADS = "/proc/self/task";
/** What the engine calls its threads that merge parts in the background. */
const MERGER = "MergeMutate";
/** As of `nice`: a tenth of what a thread that answers gets when both want the processor. */
const NICENESS = 10;

/**
 * Has the embedded engine's background merges step back for whatever answers somebody. On Linux alone, where threads have a priority
 * of their own; elsewhere nothing is changed. Gives how many threads there are.
 */
export function calmMerges(): number {
  if (!existsSync(THREADS)) return 0;
  const mergers = readdirSync(THREADS).filter((thread) => nameOf(thread) === MERGER);
  for (const thread of mergers) setPriority(Number(thread), NICENESS);
  return mergers.length;
}

/** Empty for a thread that has ended since it was listed. */
function nameOf(thread: string): string {
  const path = `${THREADS}/${thread}/comm`;
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
}
