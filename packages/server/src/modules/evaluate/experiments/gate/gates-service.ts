import type { GateDecision, GateInput, GateRules, RunScorer } from "@treadle/contract";
import { holm } from "@treadle/metrics";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { bindCorpus, type Compared, compareScore, type Named, statsOf } from "../results/compare-runs.ts";
import { marginOf, toHead } from "../results/paired-values.ts";
import { scorerOf } from "../results/run-items.ts";
import type { BoundScorer, EvalDeps } from "../run/deps.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { createValueStore } from "../stores/summary-store.ts";
import { decideGate, type GateScore } from "./decide-gate.ts";
import { findFlaky } from "./find-flaky.ts";
import { floorBounds, LEAST_WITHOUT_RANGE } from "./floor-bounds.ts";
import { createQuarantine } from "./quarantine-service.ts";

type Deps = Pick<EvalDeps, "db" | "scorers" | "audit" | "clock" | "namesOf"> & {
  readonly statistics: Statistics;
  /** Throws `not_found`. */
  named(scope: Scope, runId: string): Promise<Named>;
};

const MOST_CANDIDATES = 100;

/** Whether a run may pass, and which items do not count for that. */
export function createGates(deps: Deps) {
  const { db, audit, clock, named } = deps;

  const quarantine = createQuarantine(deps);

  return {
    async decide(scope: Scope, { head: headId, base: wanted, rules }: GateInput): Promise<GateDecision> {
      const head = await named(scope, headId);
      if (head.row.status !== "failed" && head.row.status !== "done") throw notEnded(head.row);
      const base = wanted === null ? null : await findBase({ db, named }, scope, { head: head.row, wanted, rules });
      if (base && !isComplete(base.row)) throw notEnded(base.row);
      const quarantined = head.row.suite === null ? [] : (await quarantine.listQuarantine(scope, head.row.suite)).items;
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
      const verdict = decideGate({
        rules,
        answers,
        errors,
        base: state,
        scores,
        isComplete: isComplete(head.row),
      });
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
        answers,
        errors,
        flaky,
        quarantined,
        warnings: isFirst ? [firstOf(verdict.outcome)] : warningsOf(head.row, base?.row ?? null),
        decidedAt: new Date(clock.now()).toISOString(),
      };
    },

    ...quarantine,
  };
}

/** A run with mostly errors has failed, although it was answered to the end. */
const isComplete = ({ status, planned, totals }: RunRow): boolean =>
  status === "done" || (status === "failed" && planned !== null && totals.answers >= planned);

function notEnded({ id, status }: RunRow): AppError {
  return new AppError("conflict", {
    message: `The run ${id} is ${status}, but a gate needs a finished run. Wait for it, or resume its experiment.`,
    details: { runId: id, status },
  });
}

/** Whether a run belongs to the branch of the requested history, which then starts with it. */
const isHistoryOf = (head: RunRow, wanted: NonNullable<GateInput["base"]>): boolean =>
  "suite" in wanted && head.suite === wanted.suite && head.branch === wanted.branch;
const firstOf = (outcome: GateDecision["outcome"]): string =>
  `There was no base run: no earlier run of this suite on this branch has passed with the same items and scorers. ${
    outcome === "pass" ? "This run is now the base for the next gate." : "The first run that passes becomes the base."
  }`;

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
  const base = rows.find(
    (row) =>
      row.id !== head.id &&
      row.root === head.root &&
      judged.every(({ key, signature }) => row.scorers.some((one) => one.key === key && one.signature === signature)),
  );
  return base ? named(scope, base.id) : null;
}

/** The scores to decide on: the named scores, or all scores with a direction. */
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
    const items = (await createValueStore(deps.db).repeats(head.id, scorer.key))
      .filter(({ itemId }) => isIn(itemId))
      .map(({ values }) => values);
    const values = items.map((own) => own.reduce((sum, value) => sum + value, 0) / own.length);
    const { value: whole = null, failed = 0 } = head.scores.find((summary) => summary.scorer === scorer.key) ?? {};
    const mean = corpus
      ? whole
      : values.length === 0
        ? null
        : values.reduce((sum, value) => sum + value, 0) / values.length;
    const other = base?.scorers.find(({ key }) => key === scorer.key);
    const terms = { alpha: rules.alpha, margin: rules.margin };
    const result = base && other ? await compareScore(deps, { base, head, scorer, corpus, isIn, ...terms }) : null;
    const margin = own ?? result?.margin ?? marginOf(scorer, rules.margin, values);
    const against = result && {
      comparison: result.comparison,
      adjustedPValue: null,
      isSameScorer: other?.signature === scorer.signature,
      isUnchanged:
        result.pairs.base.length > 0 && result.pairs.base.every((value, at) => value === result.pairs.head[at]),
    };
    const bounds = corpus
      ? await boundsOfSet(deps, { head, scorer, corpus, isIn, alpha: rules.alpha })
      : floorBounds({ output: scorer.output, items, alpha: rules.alpha });
    scores.push({
      score: { scorer, margin, floor, mean, bounds, items: values.length, failed, against },
      found: result,
    });
  }
  const adjusted = holm(scores.map(({ found }) => found?.comparison.pValue ?? null));
  return scores.map(({ score }, at) => ({
    ...score,
    against: score.against && { ...score.against, adjustedPValue: adjusted[at] ?? null },
  }));
}

type SetWork = Pick<Measuring, "head" | "isIn"> & {
  readonly scorer: RunScorer;
  readonly corpus: BoundScorer;
  readonly alpha: number;
};

/** The same for a score of a whole set, which has no guaranteed bound: its items are drawn again. Null for fewer items than that takes. */
async function boundsOfSet({ db, statistics }: Deps, { head, scorer, corpus, isIn, alpha }: SetWork) {
  const stats = await statsOf(db, head, scorer);
  const rows = [...stats].filter(([itemId]) => isIn(itemId)).map(([, row]) => row);
  if (rows.length < LEAST_WITHOUT_RANGE) return null;
  const { kind, params } = corpus;
  return statistics.ask("corpusInterval", { kind, params, rows, alpha: 2 * alpha });
}

const warningsOf = (head: RunRow, base: RunRow | null): string[] =>
  base && base.root !== head.root
    ? ["The runs answered different versions of a dataset. Only items with the same id are compared."]
    : [];
