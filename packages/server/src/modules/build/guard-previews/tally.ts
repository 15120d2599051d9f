import type { GuardExample, GuardRule } from "@treadle/contract";
import type { Action, NotScanned } from "@treadle/guards";
import type { CallVerdict } from "./judge-calls.ts";
import type { StoredCall } from "./stored-call.ts";

type Actions = Partial<Record<Action, number>>;
type Group = { name: string; read: number; actions: Actions };
type RuleCount = { calls: number; findings: number; notScanned: number };
type KindCount = { detector: string; kind: string; calls: number; findings: number };
type ReasonCount = { reason: NotScanned; texts: number; calls: number };
export const GROUPINGS = ["endpoint", "day", "language"] as const;

/** The counts of a preview so far, as JSON. */
export type TallyState = {
  read: number;
  withoutText: number;
  alreadyChanged: number;
  texts: number;
  actions: Actions;
  rules: RuleCount[];
  kinds: KindCount[];
  groups: Record<(typeof GROUPINGS)[number], Group[]>;
  reasons: ReasonCount[];
  /** By rule. */
  examples: GuardExample[][];
};

const MOST_EXAMPLES = 50;
/** Further groups are counted together. */
const MOST_GROUPS = 200;
const OTHER_GROUPS = "other";

export const emptyTally = (rules: readonly GuardRule[]): TallyState => ({
  read: 0,
  withoutText: 0,
  alreadyChanged: 0,
  texts: 0,
  actions: {},
  rules: rules.map(() => ({ calls: 0, findings: 0, notScanned: 0 })),
  kinds: [],
  groups: { endpoint: [], day: [], language: [] },
  reasons: [],
  examples: rules.map(() => []),
});

/** Adds a call to the counts. */
export function addCall(tally: TallyState, rules: readonly GuardRule[], counted: Counted): void {
  const { call, verdict } = counted;
  tally.read++;
  tally.texts += verdict.texts;
  if (verdict.texts === 0) tally.withoutText++;
  if (call.isChanged) tally.alreadyChanged++;
  addAction(tally.actions, verdict.action);
  for (const grouping of GROUPINGS) {
    const group = groupOf(tally.groups[grouping], grouping === "language" ? verdict.language : call[grouping]);
    group.read++;
    addAction(group.actions, verdict.action);
  }
  addFindings(tally, rules, verdict);
  addMissed(tally, verdict);
  for (const example of verdict.examples) {
    const examples = tally.examples[example.rule];
    if (examples && examples.length < MOST_EXAMPLES) examples.push(example);
  }
}
type Counted = { readonly call: StoredCall; readonly verdict: CallVerdict };

function addAction(actions: Actions, action: CallVerdict["action"]): void {
  if (action !== "allow") actions[action] = (actions[action] ?? 0) + 1;
}

function groupOf(groups: Group[], name: string): Group {
  const existing = groups.find((group) => group.name === name);
  if (existing) return existing;
  if (groups.length >= MOST_GROUPS && name !== OTHER_GROUPS) return groupOf(groups, OTHER_GROUPS);
  const group = { name, read: 0, actions: {} };
  groups.push(group);
  return group;
}

function addFindings({ rules: counts, kinds }: TallyState, rules: readonly GuardRule[], { found }: CallVerdict): void {
  const counted = new Set<RuleCount | KindCount>();
  for (const { rule, kind, count } of found) {
    const own = counts[rule];
    const detector = rules[rule]?.detector;
    if (!own || detector === undefined) continue;
    for (const entry of [own, kindOf(kinds, { detector, kind })]) {
      entry.findings += count;
      counted.add(entry);
    }
  }
  for (const entry of counted) entry.calls++;
}

function kindOf(kinds: KindCount[], { detector, kind }: Pick<KindCount, "detector" | "kind">): KindCount {
  const existing = kinds.find((entry) => entry.detector === detector && entry.kind === kind);
  if (existing) return existing;
  const entry = { detector, kind, calls: 0, findings: 0 };
  kinds.push(entry);
  return entry;
}

function addMissed({ rules, reasons }: TallyState, { missed, notScanned }: CallVerdict): void {
  for (const { rule, texts } of missed) {
    const own = rules[rule];
    if (own) own.notScanned += texts;
  }
  for (const [name, texts] of Object.entries(notScanned)) {
    const reason = name as NotScanned;
    const existing = reasons.find((entry) => entry.reason === reason);
    if (existing) {
      existing.texts += texts;
      existing.calls++;
    } else reasons.push({ reason, texts, calls: 1 });
  }
}
