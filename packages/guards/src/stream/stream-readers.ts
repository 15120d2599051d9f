import type { NotScanned } from "../policy/policy.ts";
import type { RuleTimes } from "../policy/rule-times.ts";
import {
  type ActiveRule,
  activeRules,
  type Judging,
  lateReads,
  lateResults,
  lateRules,
  MOST_CHARACTERS,
  preparedOnce,
  type Running,
  runRule,
} from "../policy/run-rule.ts";
import { isHighSurrogate, isLowSurrogate, sentencesFrom } from "../policy/sentences.ts";
import type { JudgedFinding } from "../policy/verdict.ts";
import { isPlainText, preparePlain } from "../text/is-plain-text.ts";

type Reading = {
  /** The part of the stream that is in memory. It begins at `base`, and was let through up to `released`. */
  readonly text: string;
  readonly base: number;
  readonly released: number;
  readonly isEnd: boolean;
  readonly miss: (rule: ActiveRule, reason: NotScanned) => void;
};
/** How far the stream can be let through, and the findings from `released` on. */
type Read = { readonly upTo: number; readonly found: readonly JudgedFinding[] };
type Reader = {
  read(reading: Reading): Read;
  /** The first place that it reads again when the stream was let through up to a place. */
  firstNeeded(released: number): number;
};

/** Windows begin at multiples of this, so that they do not depend on how the stream is cut. */
const GRID = 128;

const PLAIN = { isPlain: true, prepare: preparePlain };

/** The rules of a stream by what their detectors need to see. */
export function createStreamReaders(judging: Judging, times: RuleTimes) {
  const rules = activeRules(judging);
  const needs = (need: string) => rules.filter(({ detector }) => detector?.need === need);
  const local = rules.filter(({ detector }) => detector === undefined || typeof detector.need === "object");
  const later = lateRules(judging);
  const means: Running = { ...judging, times, prepare: preparedOnce(judging.prepare) };
  const readers: Reader[] = [
    ...(local.length > 0 ? [createLocalReader(local, means)] : []),
    ...(needs("sentence").length > 0 ? [createSentenceReader(needs("sentence"), means)] : []),
    ...(needs("whole").length + later.length > 0
      ? [createWholeReader(needs("whole"), { ...means, later, judging })]
      : []),
  ];
  return {
    isEmpty: readers.length === 0,
    read(reading: Reading): Read {
      const parts = readers.map((reader) => reader.read(reading));
      const end = reading.base + reading.text.length;
      return {
        upTo: Math.max(reading.released, Math.min(end, ...parts.map(({ upTo }) => upTo))),
        found: parts.flatMap(({ found }) => found),
      };
    },
    firstNeeded: (released: number) => Math.min(released, ...readers.map((reader) => reader.firstNeeded(released))),
  };
}

export type StreamReaders = ReturnType<typeof createStreamReaders>;

/** Detectors that read so many characters from the start of a match. They read a window around the text that is held back. */
function createLocalReader(rules: readonly ActiveRule[], means: Running): Reader {
  const startOf = (released: number) => Math.max(0, (Math.floor(released / GRID) - 1) * GRID);
  return {
    firstNeeded: (released) => Math.max(0, startOf(released) - 1),
    read({ text, base, released, isEnd, miss }) {
      const start = startOf(released);
      // A pair of surrogates is not divided.
      const from = start > base && isLowSurrogate(text, start - base) ? start - 1 : start;
      const window = text.slice(from - base);
      const whole = window.length - (isHighSurrogate(window, window.length - 1) ? 1 : 0);
      const upTo = isEnd ? base + text.length : from + Math.min(whole, ...rules.map((rule) => openFrom(rule, window)));
      // Nothing is decided yet.
      if (upTo <= released && !isEnd) return { upTo: released, found: [] };
      const isPlain = isPlainText(window);
      const found = rules.flatMap((rule) => {
        const findings = runRule(rule, window, { ...means, ...(isPlain && PLAIN), at: from });
        if (findings !== "failed") return findings.filter((finding) => finding.start >= released);
        miss(rule, "failed");
        return [];
      });
      return { upTo, found };
    },
  };
}

/** The place from which a match is not decided. A detector that cannot tell decides nothing before it has seen all it needs. */
function openFrom({ detector, rule }: ActiveRule, window: string): number {
  if (!detector || typeof detector.need !== "object") return window.length;
  const undecided = Math.max(0, window.length - detector.need.upTo);
  if (!detector.openFrom) return undecided;
  try {
    const open = detector.openFrom(window, rule.options);
    return Number.isInteger(open) ? Math.max(undecided, Math.min(window.length, open)) : undecided;
  } catch {
    return undecided;
  }
}

/** Detectors that read sentence by sentence. */
function createSentenceReader(rules: readonly ActiveRule[], means: Running): Reader {
  let read = 0;
  let found: JudgedFinding[] = [];
  return {
    firstNeeded: () => read,
    read({ text, base, released, isEnd, miss }) {
      const end = base + text.length;
      const whole = sentencesFrom(text, read - base);
      const rest = base + (whole.at(-1)?.end ?? read - base);
      const due = isEnd && rest < end ? [...whole, { start: rest - base, end: text.length }] : whole;
      for (const { start, end: stop } of due)
        for (const rule of rules) {
          const findings = runRule(rule, text.slice(start, stop), { ...means, at: base + start });
          if (findings === "failed") miss(rule, "failed");
          else found.push(...findings);
        }
      read = isEnd ? end : rest;
      found = found.filter((finding) => finding.start >= released);
      return { upTo: read, found };
    },
  };
}

/** Rules that could not read a stream. */
function missAll(
  rules: readonly ActiveRule[],
  reason: NotScanned,
  { times, miss }: Pick<Running, "times"> & Pick<Reading, "miss">,
): void {
  for (const rule of rules) {
    times?.run(rule.place, () => undefined);
    miss(rule, reason);
  }
}

const createLateReader =
  ({ later, judging, times }: Pick<WholeMeans, "later" | "judging" | "times">) =>
  ({ text, released, miss }: Pick<Reading, "text" | "released" | "miss">): JudgedFinding[] => {
    for (const read of lateReads(text, judging)) times?.add(read);
    return lateResults(text, judging).flatMap((result, place) => {
      if (!("reason" in result)) return result.filter((finding) => finding.start >= released);
      const rule = later[place];
      if (rule) miss(rule, result.reason);
      return [];
    });
  };

type WholeMeans = Running & { readonly later: readonly ActiveRule[]; readonly judging: Judging };

/** Detectors that need all of the text, at once or later. A text that is too long for them is let through, or blocked, as their rules say. */
function createWholeReader(rules: readonly ActiveRule[], { later, judging, ...means }: WholeMeans): Reader {
  let isTooLong = false;
  const readLater = createLateReader({ later, judging, times: means.times });
  return {
    firstNeeded: (released) => (isTooLong ? released : 0),
    read({ text, base, released, isEnd, miss }) {
      isTooLong ||= base + text.length > MOST_CHARACTERS;
      if (isTooLong) {
        missAll([...rules, ...later], "too-long", { ...means, miss });
        return { upTo: base + text.length, found: [] };
      }
      if (!isEnd) return { upTo: released, found: [] };
      const found = rules.flatMap((rule) => {
        const findings = runRule(rule, text, { ...means, at: base });
        if (findings !== "failed") return findings.filter((finding) => finding.start >= released);
        miss(rule, "failed");
        return [];
      });
      return { upTo: base + text.length, found: [...found, ...readLater({ text, released, miss })] };
    },
  };
}
