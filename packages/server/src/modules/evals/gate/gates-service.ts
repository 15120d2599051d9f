import type { GateDecision, GateInput, GateRules, QuarantinedItem, RunScorer } from "@treadle/contract";
import { estimateMean, holm, wilsonInterval } from "@treadle/metrics";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { bindCorpus, type Compared, compareScore, type Named, valuesOf } from "../compare-runs.ts";
import type { EvalDeps } from "../deps.ts";
import { marginOf, toHead } from "../paired-values.ts";
import { scorerOf } from "../run-items.ts";
import { createRunStore, type RunRow } from "../run-store.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { decideGate, type GateScore } from "./decide-gate.ts";
import { findFlaky } from "./find-flaky.ts";
import { createQuarantineStore } from "./quarantine-store.ts";

type Deps = Pick<EvalDeps, "db" | "scorers" | "audit" | "clock" | "namesOf"> & {
  readonly statistics: Statistics;
  /** Throws `not_found`. */
  named(scope: Scope, runId: string): Promise<Named>;
};

const MOST_CANDIDATES = 100;

/** Whether a run may pass, and which items do not count for that. */
export function createGates(deps: Deps) {
  const { db, audit, clock, named, namesOf } = deps;

  async function listQuarantine(scope: Scope, suite: string): Promise<QuarantinedItem[]> {
    const rows = await createQuarantineStore(db).list(scope.projectId, suite);
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    return rows.map(({ itemId, reason, createdBy, createdAt }) => ({
      ...{ suite, itemId, reason, createdBy: names.get(createdBy) ?? createdBy, createdAt: createdAt.toISOString() },
    }));
  }

  return {
    async decide(scope: Scope, { head: headId, base: wanted, rules }: GateInput): Promise<GateDecision> {
      const head = await named(scope, headId);
      checkEnded(head.row);
      const base = wanted === null ? null : await findBase({ db, named }, scope, { head: head.row, wanted, rules });
      if (base) checkEnded(base.row);
      const quarantined = head.row.suite === null ? [] : await listQuarantine(scope, head.row.suite);
      const out = new Set(quarantined.map(({ itemId }) => itemId));
      const scores = await measureScores(deps, scope, {
        head: head.row,
        base: base?.row ?? null,
        rules,
        isIn: (id) => !out.has(id),
      });
      const { answers, errors } = head.row.totals;
      const isFirst = base === null && wanted !== null && isHistoryOf(head.row, wanted);
      const state = wanted === null || isFirst ? "none" : base ? "found" : "missing";
      const verdict = decideGate({ rules, answers, errors, base: state, scores });
      const flaky = await findFlaky(db, { head: head.row, base: base?.row ?? null, share: rules.flakyShare });
      await db.transaction(async (tx) => {
        await createRunStore(tx).update(scope.projectId, headId, { gate: verdict.outcome });
        const details = { outcome: verdict.outcome, base: base?.row.id ?? null };
        await audit.record(scope, { action: "gate.decide", target: headId, details }, tx);
      });
      return {
        ...verdict,
        base: base && toHead(base.row, base.experimentName),
        head: toHead(head.row, head.experimentName),
        ...{
          answers,
          errors,
          flaky,
          quarantined,
          warnings: isFirst ? [FIRST] : warningsOf(head.row, base?.row ?? null),
        },
        decidedAt: new Date(clock.now()).toISOString(),
      };
    },

    listQuarantine: async (scope: Scope, suite: string) => ({ items: await listQuarantine(scope, suite) }),

    async quarantine(
      scope: Scope,
      { suite, itemIds, reason }: { suite: string; itemIds: readonly string[]; reason: string },
    ) {
      const createdAt = new Date(clock.now());
      const shared = { projectId: scope.projectId, suite, reason, createdBy: scope.actor, createdAt };
      await db.transaction(async (tx) => {
        await createQuarantineStore(tx).save([...new Set(itemIds)].map((itemId) => ({ ...shared, itemId })));
        await audit.record(scope, { action: "gate.quarantine", target: suite, details: { itemIds, reason } }, tx);
      });
      return { items: await listQuarantine(scope, suite) };
    },

    async release(scope: Scope, { suite, itemIds }: { suite: string; itemIds: readonly string[] }): Promise<void> {
      await db.transaction(async (tx) => {
        await createQuarantineStore(tx).delete(scope.projectId, suite, itemIds);
        await audit.record(scope, { action: "gate.release", target: suite, details: { itemIds } }, tx);
      });
    },
  };
}

function checkEnded({ id, status }: RunRow): void {
  if (status === "done") return;
  throw new AppError("conflict", {
    message: `The run ${id} is ${status}, and a gate decides about runs that are done. Wait for it, or resume its experiment.`,
    details: { runId: id, status },
  });
}

/** Whether a run is itself of the branch whose history is asked for, which then begins with it. */
const isHistoryOf = (head: RunRow, wanted: NonNullable<GateInput["base"]>): boolean =>
  "suite" in wanted && head.suite === wanted.suite && head.branch === wanted.branch;
const FIRST =
  "No run of this suite on this branch has passed over the same items with the same scorers, so there was nothing to compare with; from now on there is this one.";

type Wanted = { readonly head: RunRow; readonly wanted: NonNullable<GateInput["base"]>; readonly rules: GateRules };

/** The run that is named, or the newest on the branch that passed over the same items and was scored alike. */
async function findBase(
  { db, named }: Pick<Deps, "db" | "named">,
  scope: Scope,
  { head, wanted, rules }: Wanted,
): Promise<Named | null> {
  if ("runId" in wanted) return named(scope, wanted.runId);
  const filter = { ...wanted, gate: "pass" as const, status: "done" as const, search: "" };
  const rows = await createRunStore(db).list(scope.projectId, filter, { limit: MOST_CANDIDATES, after: null });
  const judged = rulesOf(head, rules).map(({ scorer }) => scorer);
  const found = rows.find(
    (row) =>
      row.id !== head.id &&
      row.root === head.root &&
      judged.every(({ key, signature }) => row.scorers.some((one) => one.key === key && one.signature === signature)),
  );
  return found ? named(scope, found.id) : null;
}

/** What is decided about: the scores that are named, or all that say which way is better. */
function rulesOf(
  head: RunRow,
  { scorers }: GateRules,
): { scorer: RunScorer; margin: number | undefined; floor: number | null }[] {
  if (scorers.length === 0)
    return head.scorers.flatMap((scorer) =>
      scorer.output.direction === "none" ? [] : [{ scorer, margin: undefined, floor: null }],
    );
  return scorers.flatMap(({ scorer: key, margin, floor }) => {
    const scorer = scorerOf(head, key);
    return scorer === null ? [] : [{ scorer, margin, floor }];
  });
}

type Measuring = {
  readonly head: RunRow;
  readonly base: RunRow | null;
  readonly rules: GateRules;
  readonly isIn: (itemId: string) => boolean;
};

async function measureScores(deps: Deps, scope: Scope, { head, base, rules, isIn }: Measuring): Promise<GateScore[]> {
  const corpora = await bindCorpus(deps, scope, head);
  const scores: { score: GateScore; found: Compared | null }[] = [];
  for (const { scorer, margin: own, floor } of rulesOf(head, rules)) {
    const corpus = corpora.get(scorer.key);
    const values = [...(await valuesOf(deps.db, head, scorer))]
      .filter(([itemId]) => isIn(itemId))
      .map(([, value]) => value);
    const { value: whole = null, failed = 0 } = head.scores.find((summary) => summary.scorer === scorer.key) ?? {};
    const mean = corpus
      ? whole
      : values.length === 0
        ? null
        : values.reduce((sum, value) => sum + value, 0) / values.length;
    const other = base?.scorers.find(({ key }) => key === scorer.key);
    const terms = { alpha: rules.alpha, margin: rules.margin };
    const found = base && other ? await compareScore(deps, { base, head, scorer, corpus, isIn, ...terms }) : null;
    const margin = own ?? found?.margin ?? marginOf(scorer, rules.margin, values);
    const against = found && {
      ...{ comparison: found.comparison, adjustedPValue: null, isSameScorer: other?.signature === scorer.signature },
      isUnchanged: found.pairs.base.length > 0 && found.pairs.base.every((value, at) => value === found.pairs.head[at]),
    };
    const isShare = scorer.output.type === "boolean" && head.repeats === 1;
    const meanInterval = corpus ? null : intervalOf(values, { isShare, alpha: rules.alpha });
    scores.push({ score: { scorer, margin, floor, mean, meanInterval, items: values.length, failed, against }, found });
  }
  const adjusted = holm(scores.map(({ found }) => found?.comparison.pValue ?? null));
  return scores.map(({ score }, at) => ({
    ...score,
    against: score.against && { ...score.against, adjustedPValue: adjusted[at] ?? null },
  }));
}

/** Wilson's for shares, Student's for means; items are the units. Null for what has none, such as one value. */
function intervalOf(values: readonly number[], { isShare, alpha }: { isShare: boolean; alpha: number }) {
  if (!isShare) return estimateMean(values, alpha)?.interval ?? null;
  const successes = values.filter((value) => value === 1).length;
  return values.length === 0 ? null : wilsonInterval({ successes, n: values.length }, alpha);
}

const warningsOf = (head: RunRow, base: RunRow | null): string[] =>
  base && base.root !== head.root
    ? ["The runs answered different versions of a dataset; only items with the same id are compared."]
    : [];
