import { actionOf } from "../policy/judge-text.ts";
import type { NotScanned } from "../policy/policy.ts";
import { inOrder, replaceFindings } from "../policy/replace-findings.ts";
import type { ActiveRule, Judging } from "../policy/run-rule.ts";
import { unscanned } from "../policy/run-rule.ts";
import type { JudgedFinding, Unscanned, Verdict } from "../policy/verdict.ts";
import { createStreamReaders } from "./stream-readers.ts";

/** A verdict on a stream: the text is what may be sent. */
export type StreamVerdict = Omit<Verdict, "text">;

/**
 * Judges a text that arrives in pieces. It holds text back only from the first character that can still become a match, and
 * for detectors that need it by the sentence or the whole. However the text is cut, the same text comes out, and the verdict is
 * that of the whole text; after a finding that blocks, nothing comes out any more.
 *
 * This holds for detectors that read at most `need.upTo` characters from the start of a match, and at most 256 before it.
 */
export function createStreamGuard(judging: Judging) {
  const readers = createStreamReaders(judging);
  const findings: JudgedFinding[] = [];
  const missed: Unscanned[] = [];
  let text = "";
  /** The place of `text` in the stream, and the place up to which the stream was let through. */
  let base = 0;
  let released = 0;
  let isBlocked = false;
  let ms = 0;

  function miss(rule: ActiveRule, reason: NotScanned): void {
    if (missed.some((one) => one.rule === rule.place && one.reason === reason)) return;
    const one = unscanned(rule, reason);
    missed.push(one);
    isBlocked ||= one.isBlocking;
  }

  /** Lets the text through up to a place, or up to the first finding that blocks. */
  function release(upTo: number, found: readonly JudgedFinding[]): string {
    const due = inOrder(found.filter(({ start }) => start < upTo));
    const blocking = due.find(({ action }) => action === "block");
    const end = blocking ? startOfGroup(due, blocking.start) : upTo;
    findings.push(...(blocking ? due.filter(({ start }) => start <= blocking.start) : due));
    isBlocked ||= blocking !== undefined;
    const passed = due.filter((finding) => finding.end <= end);
    const out = replaceFindings(text.slice(released - base, end - base), passed, {
      masks: judging.masks,
      offset: released,
    });
    released = Math.max(released, end);
    const before = readers.firstNeeded(released);
    text = text.slice(before - base);
    base = before;
    return out;
  }

  function advance(isEnd: boolean): string {
    if (isBlocked || (readers.isEmpty && !isEnd)) return isBlocked ? "" : passAll();
    const startedAt = judging.now();
    const { upTo, found } = readers.read({ text, base, released, isEnd, miss });
    const out = isBlocked ? "" : release(isEnd ? upTo : beforeCrossing(upTo, found), found);
    ms += judging.now() - startedAt;
    return out;
  }

  function passAll(): string {
    const out = text;
    released += out.length;
    [base, text] = [released, ""];
    return out;
  }

  return {
    /** The text that may be sent now. */
    push(piece: string): string {
      if (isBlocked || piece === "") return "";
      text += piece;
      return advance(false);
    },
    /** Judges the rest as the end of the text, and lets it through. */
    flush: (): string => advance(true),
    isBlocked: () => isBlocked,
    verdict: (): StreamVerdict => ({
      findings: inOrder(findings),
      action: actionOf(findings, missed),
      notScanned: missed[0]?.reason ?? null,
      unscanned: missed,
      ms,
    }),
  };
}
export type StreamGuard = ReturnType<typeof createStreamGuard>;

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
