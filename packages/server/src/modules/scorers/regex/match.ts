import { refuse } from "./parse.ts";
import { compileProgram, type Instruction } from "./program.ts";

/** `groups` are what the round brackets matched, in their order; undefined for one that took no part. */
export type RegexMatch = { readonly text: string; readonly groups: readonly (string | undefined)[] };

/** A way of matching that is followed: where it stands in the program, and where its groups begin and end. */
type Thread = { readonly at: number; readonly slots: Int32Array };

/** Steps of the machine, of which some 20 million are made in a second. */
const MOST_WORK = 40_000_000;
const WORD = /^\w$/;
const LINE_ENDS: ReadonlySet<number> = new Set([0x0a, 0x0d, 0x2028, 0x2029]);
const isWord = (point: number | undefined) =>
  point !== undefined && point < 128 && WORD.test(String.fromCharCode(point));

/**
 * The leftmost match as JavaScript would find it, in time that is bounded by the length of the text times that of the pattern
 * (Pike's machine: all ways of matching are followed side by side, and none goes back). Flags: i, m and s.
 * How much is matched may differ where a loop goes round without reading anything, such as `(?:a*?)?`.
 * Throws `unprocessable` for a pattern with look-around or back-references, or none at all.
 */
export function compileRegex(pattern: string, flags: string): (text: string) => RegexMatch | null {
  const { steps, slots } = compileProgram(pattern, flags);
  const isMultiline = flags.includes("m");

  return (text) => {
    if (text.length * steps.length > MOST_WORK)
      throw refuse(pattern, `an answer of ${text.length} characters is too long for it`);
    const points = Array.from(text, (sign) => sign.codePointAt(0) ?? 0);
    const holds = createAssertions(points, isMultiline);
    const seen = new Int32Array(steps.length).fill(-1);
    let current: Thread[] = [];
    let best: Int32Array | null = null;
    for (let place = 0; place <= points.length; place++) {
      // A match that began further left is liked better, so that none begins anew once there is one.
      const starts: Thread[] = best === null ? [{ at: 0, slots: started(slots, place) }] : [];
      const ready = follow(steps, [...current, ...starts], { place, seen, holds });
      current = [];
      for (const { at, slots: noted } of ready) {
        const step = steps[at];
        if (step?.do === "match") {
          best = noted.slice();
          best[1] = place;
          break;
        }
        const point = points[place];
        if (step?.do === "one" && point !== undefined && step.test(point)) current.push({ at: at + 1, slots: noted });
      }
      if (best !== null && current.length === 0) break;
    }
    return best && read(points, best);
  };
}

function started(slots: number, place: number): Int32Array {
  const first = new Int32Array(slots).fill(-1);
  first[0] = place;
  return first;
}

type At = { readonly place: number; readonly seen: Int32Array; readonly holds: ReturnType<typeof createAssertions> };

/** Where threads come to before they read a code point or have matched, in the order in which they are liked. */
function follow(steps: readonly Instruction[], threads: readonly Thread[], { place, seen, holds }: At): Thread[] {
  const ready: Thread[] = [];
  const stack = threads.toReversed();
  for (let thread = stack.pop(); thread; thread = stack.pop()) {
    const { at, slots } = thread;
    const step = steps[at];
    if (!step || seen[at] === place) continue;
    seen[at] = place;
    if (step.do === "one" || step.do === "match") ready.push(thread);
    else if (step.do === "jump") stack.push({ at: step.to, slots });
    else if (step.do === "split") stack.push({ at: step.second, slots }, { at: step.first, slots });
    else if (step.do === "note") {
      const noted = slots.slice();
      noted[step.slot] = place;
      stack.push({ at: at + 1, slots: noted });
    } else if (holds[step.at](place)) stack.push({ at: at + 1, slots });
  }
  return ready;
}

function createAssertions(points: readonly number[], isMultiline: boolean) {
  const isLineEnd = (place: number) => isMultiline && LINE_ENDS.has(points[place] ?? -1);
  const isBoundary = (place: number) => isWord(points[place - 1]) !== isWord(points[place]);
  return {
    start: (place: number) => place === 0 || isLineEnd(place - 1),
    end: (place: number) => place === points.length || isLineEnd(place),
    boundary: isBoundary,
    "no-boundary": (place: number) => !isBoundary(place),
  };
}

function read(points: readonly number[], slots: Int32Array): RegexMatch {
  const textOf = (group: number) => {
    const [from, to] = [slots[2 * group] ?? -1, slots[2 * group + 1] ?? -1];
    if (from < 0 || to < from) return undefined;
    return points
      .slice(from, to)
      .map((point) => String.fromCodePoint(point))
      .join("");
  };
  const groups = Array.from({ length: slots.length / 2 - 1 }, (_, index) => textOf(index + 1));
  return { text: textOf(0) ?? "", groups };
}
