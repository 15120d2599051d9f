import type { Clock } from "../../../kernel/clock.ts";

/** A place in the spool: an offset in a segment. */
export type Place = { readonly segment: number; readonly offset: number };

/** Commits closer together than this share a mark. */
const MARK_MS = 250;
const MAX_MARKS = 1_000;

export const isBefore = (a: Place, b: Place) =>
  a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);

/** How old what waits is. Ages are measured with the clock that never jumps, so a wrong wall clock holds nothing up. */
export function createBacklog(clock: Clock) {
  const marks: { end: Place; readonly since: number }[] = [];

  return {
    /** Notes that everything up to `end` is on disk; `ageMs` is how long it has been there already. */
    committed(end: Place, ageMs = 0): void {
      const now = clock.elapsed();
      const last = marks.at(-1);
      const isShared = last && (now - last.since < MARK_MS || marks.length >= MAX_MARKS);
      if (isShared) last.end = end;
      else marks.push({ end, since: now - ageMs });
    },
    delivered(to: Place): void {
      while (marks[0] && !isBefore(to, marks[0].end)) marks.shift();
    },
    /** Milliseconds that the oldest row has waited, to within a mark; null when none waits. */
    oldestMs: (): number | null => (marks[0] ? Math.max(0, clock.elapsed() - marks[0].since) : null),
  };
}
export type Backlog = ReturnType<typeof createBacklog>;
