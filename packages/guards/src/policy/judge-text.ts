import { isPlainText } from "../text/is-plain-text.ts";
import type { AheadRead } from "./ahead.ts";
import { findWhole } from "./find-whole.ts";
import { strongest } from "./policy.ts";
import { inOrder, replaceFindings } from "./replace-findings.ts";
import { createRuleTimes, type RuleTimes } from "./rule-times.ts";
import {
  type ActiveRule,
  activeRules,
  applyRule,
  type Judging,
  lateReads,
  lateResults,
  lateRules,
  MOST_CHARACTERS,
  preparedOnce,
  unscanned,
} from "./run-rule.ts";
import type { JudgedFinding, Unscanned, Verdict } from "./verdict.ts";

/** Judges a whole text under the rules that apply to its trust. */
export function judgeText(text: string, judging: Judging): Verdict {
  const startedAt = judging.now();
  const times = createRuleTimes(judging.now);
  const find = createFind(text, judging, times);
  const found: JudgedFinding[] = [];
  const missed: Unscanned[] = [];
  for (const rule of text === "" ? [] : activeRules(judging)) {
    const findings = find.in(rule);
    if (typeof findings === "string") missed.push(unscanned(rule, findings));
    else found.push(...applyRule(rule, findings, { possible: judging.possible ?? {}, at: 0 }));
  }
  for (const result of lateResults(text, judging))
    if ("reason" in result) missed.push(result);
    else found.push(...result);
  for (const read of lateReads(text, judging)) times.add(read);
  const findings = inOrder(found);
  return {
    findings,
    action: actionOf(findings, missed),
    text: replaceFindings(text, findings, judging),
    notScanned: missed[0]?.reason ?? null,
    unscanned: missed,
    reads: times.reads(),
    ms: judging.now() - startedAt + find.aheadMs,
  };
}

/** The verdict on content that is not text, such as an image. */
export function judgeUnknown(judging: Omit<Judging, "prepare">): Verdict {
  const at = judging.now();
  const rules = [...activeRules(judging), ...lateRules(judging)];
  const missed = rules.map((rule) => unscanned(rule, "unknown-content"));
  return {
    findings: [],
    action: actionOf([], missed),
    text: "",
    notScanned: missed[0]?.reason ?? null,
    unscanned: missed,
    reads: rules.map(({ place }) => ({ rule: place, from: at, to: at, ms: 0 })),
    ms: 0,
  };
}

export const actionOf = (findings: readonly JudgedFinding[], missed: readonly Unscanned[]): Verdict["action"] =>
  missed.some(({ isBlocking }) => isBlocking) ? "block" : strongest(findings.map(({ action }) => action));

type Found = ReturnType<typeof findWhole> | "too-long" | "timeout";

/** What rules find in a text: now, or beforehand if it was read then. */
function createFind(text: string, judging: Judging, times: RuleTimes) {
  const ahead = judging.ahead?.of({ text, trust: judging.trust, isAnswer: judging.call?.isAnswer === true });
  const prepare = preparedOnce(judging.prepare);
  let isPlain: boolean | null = null;
  const findNow = (rule: ActiveRule): Found => {
    isPlain ??= isPlainText(text);
    return findWhole(text, rule, { ...judging, prepare, isPlain });
  };
  return {
    aheadMs: (ahead?.rules ?? []).reduce((sum, { ms }) => sum + ms, 0),
    in(rule: ActiveRule): Found {
      if (text.length > MOST_CHARACTERS) return times.run(rule.place, () => "too-long");
      return foundAhead(rule, ahead, times) ?? times.run(rule.place, () => findNow(rule));
    },
  };
}

function foundAhead({ place }: ActiveRule, ahead: AheadRead | undefined, times: RuleTimes): Found | undefined {
  const read = ahead?.rules.find(({ rule }) => rule === place);
  if (!ahead || !read) return undefined;
  times.add({ rule: place, from: ahead.from, to: ahead.to, ms: read.ms });
  return read.found;
}
