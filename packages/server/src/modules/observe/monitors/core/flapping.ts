/** What is remembered of the changes of a series. */
export type FlappingMemory = { readonly changes: readonly number[]; readonly flappingSince: number | null };

const HOUR_MS = 3_600_000;
/** So many changes in an hour are flapping. */
const MOST_CHANGES = 6;
const STABLE_MS = 1_800_000;

/** A series that changes too often is announced once, and again when it has been stable for 30 minutes. */
export function followFlapping(
  { changes: before, flappingSince }: FlappingMemory,
  { end, isCounted }: { readonly end: number; readonly isCounted: boolean },
): FlappingMemory & { readonly notice: "flapping" | "stable" | null } {
  const changes = [...before, ...(isCounted ? [end] : [])].filter((at) => at > end - HOUR_MS);
  if (flappingSince === null && changes.length >= MOST_CHANGES)
    return { changes, flappingSince: end, notice: "flapping" };
  const last = changes.at(-1) ?? Number.NEGATIVE_INFINITY;
  if (flappingSince !== null && end - last >= STABLE_MS) return { changes: [], flappingSince: null, notice: "stable" };
  return { changes, flappingSince, notice: null };
}
