import { actionOf } from "../policy/judge-text.ts";
import type { NotScanned } from "../policy/policy.ts";
import { inOrder, replaceFindings } from "../policy/replace-findings.ts";
import { createRuleTimes, type RuleTimes } from "../policy/rule-times.ts";
import { type ActiveRule, type Judging, unscanned } from "../policy/run-rule.ts";
import type { JudgedFinding, Unscanned, Verdict } from "../policy/verdict.ts";
import { createStreamReaders, type StreamReaders } from "./stream-readers.ts";

/** A verdict on a stream. */
export type StreamVerdict = Omit<Verdict, "text">;

/**
 * Judges a text that arrives in pieces. It holds text back only from the first character that can still become a match, and
 * for detectors that need it by the sentence or the whole. However the text is cut, the same text comes out, and the verdict is
 * that of the whole text; after a finding that blocks, nothing comes out any more.
 *
 * `push` returns the text that may be sent now. This holds for detectors that read at most `need.upTo` characters from the start of a match, and at most 128 before it.
 */
export function createStreamGuard(judging: Judging) {
  const times = createRuleTimes(judging.now);
  const readers = createStreamReaders(judging, times);
  const results = createResults(times);
  const held = createHeldText(judging, readers);

  function release(isEnd: boolean): string {
    const { upTo, found } = readers.read({ ...held.part(), isEnd, miss: results.miss });
    const due = results.isBlocked() ? null : results.accept(isEnd ? upTo : beforeCrossing(upTo, found), found);
    return due === null ? "" : held.release(due.upTo, due.findings);
  }
  function advance(isEnd: boolean): string {
    if (results.isBlocked()) return "";
    return readers.isEmpty ? held.release(held.end(), []) : results.timed(judging.now, () => release(isEnd));
  }

  return {
    push(piece: string): string {
      if (results.isBlocked() || piece === "") return "";
      held.add(piece);
      return advance(false);
    },
    /** Asks the detectors that answer later, before `flush`. Null if there are none, or the text is too long for them. */
    settle: () => (results.isBlocked() ? null : askLate(held.part(), judging)),
    /** Judges the rest as the end of the text, and lets it through. */
    flush: (): string => advance(true),
    isBlocked: results.isBlocked,
    verdict: results.verdict,
  };
}
export type StreamGuard = ReturnType<typeof createStreamGuard>;

const askLate = ({ text, base }: { text: string; base: number }, { late, trust }: Judging): Promise<void> | null =>
  late?.isNeeded(trust) && base === 0 ? late.ask(text, trust) : null;

/** The part of a stream that was not let through, and as much before it as the readers need. */
function createHeldText({ masks }: Pick<Judging, "masks">, readers: Pick<StreamReaders, "firstNeeded">) {
  let text = "";
  /** The place of `text` in the stream, and the place up to which the stream was let through. */
  let base = 0;
  let released = 0;
  return {
    add(piece: string): void {
      text += piece;
    },
    end: () => base + text.length,
    part: () => ({ text, base, released }),
    /** Lets the text through up to a place, with its findings replaced. */
    release(upTo: number, findings: readonly JudgedFinding[]): string {
      const due = text.slice(released - base, upTo - base);
      const out = replaceFindings(due, findings, { masks, offset: released });
      released = Math.max(released, upTo);
      const needed = readers.firstNeeded(released);
      text = text.slice(needed - base);
      base = needed;
      return out;
    },
  };
}

/** What was found in a stream so far. */
function createResults({ reads }: Pick<RuleTimes, "reads">) {
  const findings: JudgedFinding[] = [];
  const missed: Unscanned[] = [];
  let isBlocked = false;
  let ms = 0;
  return {
    isBlocked: () => isBlocked,
    /** Does a part of the work, and adds its time. */
    timed<Result>(now: Judging["now"], work: () => Result): Result {
      const startedAt = now();
      const result = work();
      ms += now() - startedAt;
      return result;
    },
    miss(rule: ActiveRule, reason: NotScanned): void {
      if (missed.some((one) => one.rule === rule.place && one.reason === reason)) return;
      const one = unscanned(rule, reason);
      missed.push(one);
      isBlocked ||= one.isBlocking;
    },
    /** Takes the findings before a place, or those up to the first that blocks, and returns how far the text may be sent. */
    accept(upTo: number, found: readonly JudgedFinding[]): Due {
      const due = untilBlocked(upTo, inOrder(found.filter(({ start }) => start < upTo)));
      findings.push(...due.accepted);
      isBlocked ||= due.isBlocked;
      return due;
    },
    verdict: () => toVerdict(findings, missed, { reads: reads(), ms }),
  };
}

const toVerdict = (
  findings: readonly JudgedFinding[],
  missed: readonly Unscanned[],
  times: Pick<StreamVerdict, "reads" | "ms">,
): StreamVerdict => ({
  findings: inOrder(findings),
  action: actionOf(findings, missed),
  notScanned: missed[0]?.reason ?? null,
  unscanned: missed,
  ...times,
});

/** How far a stream may be sent, with which findings replaced, and the findings that count. */
type Due = {
  readonly upTo: number;
  readonly findings: readonly JudgedFinding[];
  readonly accepted: readonly JudgedFinding[];
  readonly isBlocked: boolean;
};

function untilBlocked(upTo: number, due: readonly JudgedFinding[]): Due {
  const blocking = due.find(({ action }) => action === "block");
  if (!blocking) return { upTo, findings: due, accepted: due, isBlocked: false };
  const end = startOfGroup(due, blocking.start);
  return {
    upTo: end,
    findings: due.filter((finding) => finding.end <= end),
    accepted: due.filter(({ start }) => start <= blocking.start),
    isBlocked: true,
  };
}

/** The place, or the start of the findings that cross it: half a finding is never let through. */
function beforeCrossing(upTo: number, findings: readonly JudgedFinding[]): number {
  let place = upTo;
  for (const { start, end } of inOrder(findings).toReversed()) if (start < place && place < end) place = start;
  return place;
}

/** The start of the findings that overlap the one at a place. */
function startOfGroup(due: readonly JudgedFinding[], place: number): number {
  let start = place;
  for (const finding of due.toReversed()) if (finding.start < start && start < finding.end) start = finding.start;
  return start;
}
