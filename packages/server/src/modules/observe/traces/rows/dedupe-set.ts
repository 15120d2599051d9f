import { randomInt } from "node:crypto";

/** Two tables of four megabytes: up to half a million spans of the last ten minutes, and of the ten minutes before. */
const BUCKETS = 2 ** 16;
const WAYS = 8;
const WINDOW_MS = 600_000;
const UINT32 = 2 ** 32;

/** 64 bits that stand for a text, each half in a number. */
type Print = readonly [left: number, right: number];

/**
 * Remembers spans for at least ten minutes, by 64 bits each and in constant memory. A sender without a response sends a
 * batch again, and exporters that were set up twice send every span twice.
 */
export function createDedupeSet({ buckets = BUCKETS } = {}) {
  const seeds: Print = [randomInt(UINT32), randomInt(UINT32)];
  let [current, previous] = [createTable(buckets), createTable(buckets)];
  let turnedAt: number | null = null;
  let marks: number[] = [];

  return {
    /** Must be called with the time, in milliseconds, before the next texts. */
    turn(now: number): void {
      turnedAt ??= now;
      if (now - turnedAt < WINDOW_MS) return;
      turnedAt = now;
      [current, previous] = [previous, current];
      current.clear();
    },
    /** True when this came for the first time; it is remembered from then on. */
    isFirst(text: string): boolean {
      const print = printOf(text, seeds);
      if (current.has(print) || previous.has(print)) return false;
      current.add(print);
      marks.push(...print);
      return true;
    },
    /** The entries remembered since the last call, for `forget`. */
    takeMarks(): Uint32Array<ArrayBuffer> {
      const snapshot = Uint32Array.from(marks);
      marks = [];
      return snapshot;
    },
    /** As if it had never come: it was not kept after all. */
    forget(taken: Uint32Array): void {
      for (let index = 0; index + 1 < taken.length; index += 2) {
        const print: Print = [taken[index] ?? 0, taken[index + 1] ?? 0];
        current.remove(print);
        previous.remove(print);
      }
    },
  };
}

/** Buckets of eight entries. In a full bucket, the newest replaces the oldest. */
function createTable(buckets: number) {
  const places = new Uint32Array(buckets * WAYS * 2);
  const bucketOf = ([left]: Print) => (left & (buckets - 1)) * WAYS * 2;

  function find(print: Print): number {
    const first = bucketOf(print);
    for (let at = first; at < first + WAYS * 2; at += 2)
      if (places[at] === print[0] && places[at + 1] === print[1]) return at;
    return -1;
  }

  return {
    has: (print: Print) => find(print) >= 0,
    add(print: Print): void {
      const first = bucketOf(print);
      places.copyWithin(first + 2, first, first + (WAYS - 1) * 2);
      places.set(print, first);
    },
    remove(print: Print): void {
      const at = find(print);
      if (at >= 0) places.fill(0, at, at + 2);
    },
    clear: () => places.fill(0),
  };
}

function printOf(text: string, seeds: Print): Print {
  let [left, right] = seeds;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    left = Math.imul(left ^ code, 0x01000193);
    right = Math.imul(right ^ code, 0x5bd1e995);
  }
  // Never 0 in both: that is an empty place.
  return [mix(left) || 1, mix(right)];
}

function mix(given: number): number {
  const once = Math.imul(given ^ (given >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
