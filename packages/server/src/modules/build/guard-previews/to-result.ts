import type { GuardPreviewGroup, GuardPreviewResult, GuardRule, GuardShare } from "@treadle/contract";
import { ACTIONS, type Action } from "@treadle/guards";
import { shareOf } from "./share-of.ts";
import type { TallyState } from "./tally.ts";

/** Actions that leave a call as it is. */
const HARMLESS: ReadonlySet<Action> = new Set(["observe", "flag"]);

type Counts = {
  readonly rules: readonly GuardRule[];
  readonly tally: TallyState;
  readonly matching: number;
  readonly isSample: boolean;
};

/** The counts as they are shown. The shares of a sample have intervals. */
export function toResult({ rules, tally, matching, isSample }: Counts): GuardPreviewResult {
  const { read, withoutText, alreadyChanged, texts, reasons } = tally;
  const share: Share = (count, of = read) => shareOf(count, of, isSample);
  const affected = ACTIONS.filter((action) => !HARMLESS.has(action)).map((action) => tally.actions[action] ?? 0);
  return {
    matching,
    read,
    isSample,
    withoutText,
    alreadyChanged,
    texts,
    affected: share(affected.reduce((sum, count) => sum + count, 0)),
    actions: actionsOf(tally.actions, read, share),
    ...byFinding(rules, tally, share),
    ...byCall(tally, share),
    notScanned: reasons,
    examples: tally.examples.flat(),
  };
}

type Share = (count: number, of?: number) => GuardShare;

const actionsOf = (actions: TallyState["actions"], of: number, share: Share) =>
  ACTIONS.flatMap((action) => {
    const count = actions[action] ?? 0;
    return count === 0 ? [] : [{ action, calls: share(count, of) }];
  });

const byFinding = (rules: readonly GuardRule[], tally: TallyState, share: Share) => ({
  byRule: rules.map(({ detector, action }, rule) => {
    const { calls, findings, notScanned } = tally.rules[rule] ?? { calls: 0, findings: 0, notScanned: 0 };
    return { rule, detector, action, calls: share(calls), findings, notScanned };
  }),
  byKind: tally.kinds
    .toSorted((left, right) => right.calls - left.calls)
    .map((entry) => ({ ...entry, calls: share(entry.calls) })),
});

function byCall({ groups }: TallyState, share: Share) {
  const toGroups = (list: TallyState["groups"]["day"]): GuardPreviewGroup[] =>
    list.map((group) => ({ ...group, actions: actionsOf(group.actions, group.read, share) }));
  return {
    byEndpoint: toGroups(groups.endpoint.toSorted(byRead)),
    byDay: toGroups(groups.day.toSorted((left, right) => left.name.localeCompare(right.name))),
    byLanguage: toGroups(groups.language.toSorted(byRead)),
  };
}

type Named = { readonly name: string; readonly read: number };
const byRead = (left: Named, right: Named) => right.read - left.read || left.name.localeCompare(right.name);
