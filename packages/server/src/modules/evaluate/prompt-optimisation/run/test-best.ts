import type { OptimisationCandidate, OptimisationTest } from "@treadle/contract";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import { countSides, marginOf, pairUp, testOf, toPaired } from "../../experiments/index.ts";
import { type Outcome, OutOfBudget } from "../search/evaluator.ts";
import { type Program, textsIn } from "../search/program.ts";
import type { OptimisationDeps } from "../stores/deps.ts";
import type { OptimisationRow } from "../stores/store.ts";
import type { Asking } from "./ask-items.ts";
import { findLeaks } from "./contamination.ts";
import { saveDraft, savedWith } from "./save-draft.ts";
import type { Parts } from "./split-items.ts";

type Ended = Pick<OptimisationRow, "message" | "test" | "saved" | "warnings" | "spent">;
type Testing = {
  readonly run: JobRun<unknown, object>;
  /** With what the search has found. */
  readonly row: OptimisationRow;
  readonly asking: Asking;
  readonly parts: Parts;
  readonly best: { readonly reported: OptimisationCandidate; readonly program: Program } | null;
  /** The first prompt's answers to the test third. */
  readonly before: readonly Outcome[];
};

/**
 * Compares the best prompt with the first one on items that the search never used. It is saved as a version without a
 * label only if it is significantly better.
 */
export async function testBest(deps: OptimisationDeps, testing: Testing): Promise<Ended> {
  const { run, row, asking, parts, best, before } = testing;
  const nothing = { test: null, saved: row.saved, warnings: [], spent: asking.spent() };
  if (!best) return { ...nothing, message: "The budget was used up before the first prompt was scored." };
  if (best.reported.candidate === 0)
    return { ...nothing, message: "No prompt did better than the first one on the selection items." };
  const after = await answered(asking, best.program, parts);
  if (after === null)
    return { ...nothing, spent: asking.spent(), message: "The budget was used up before the best prompt was tested." };
  const test = await compare(deps, row, { candidate: best.reported.candidate, before, after });
  const result = { test, warnings: warningsOf(row, best.reported, parts), spent: asking.spent() };
  const { verdict } = test.comparison;
  if (verdict !== "better") return { ...result, saved: row.saved, message: REFUSALS[verdict] };
  const { version } = await saveDraft(deps, run.scope, { row, test, candidate: best.reported });
  return {
    ...result,
    saved: savedWith(row.saved, { candidate: best.reported.candidate, version }),
    message: `A better prompt is version ${version} of ${row.promptName}, without a label. Review it, then give it a label.`,
  };
}

const REFUSALS = {
  worse: "The best prompt of the search is worse on test items that the search never saw, so it is not saved.",
  equivalent:
    "On test items that the search never saw, the best prompt is no better than the first one, so it is not saved.",
  inconclusive:
    "On test items that the search never saw, the best prompt is not significantly better, so it is not saved. Use more items for a clear result. You can save the prompt by hand.",
} as const;

async function answered(asking: Asking, program: Program, { test }: Parts): Promise<Outcome[] | null> {
  try {
    return await asking.answer(program, test);
  } catch (error) {
    if (error instanceof OutOfBudget) return null;
    throw error;
  }
}

type Two = { readonly candidate: number; readonly before: readonly Outcome[]; readonly after: readonly Outcome[] };

async function compare(
  deps: OptimisationDeps,
  { scorers, input }: OptimisationRow,
  { candidate, before, after }: Two,
): Promise<OptimisationTest> {
  const [scorer] = scorers;
  if (!scorer) throw new Error("A search has a scorer.");
  const sign = scorer.output.direction === "lower" ? -1 : 1;
  const byItem = (outcomes: readonly Outcome[]) =>
    new Map(outcomes.flatMap(({ itemId, score }) => (score === null ? [] : [[itemId, sign * score] as const])));
  const pairs = pairUp(byItem(before), byItem(after));
  const margin = marginOf(scorer, input.margin, pairs.base);
  const { alpha } = input;
  const order = { ...testOf(scorer, pairs), margin, alpha };
  const [comparison] = await deps.ask("compare", [order]);
  if (!comparison) throw new Error("A comparison has an answer.");
  const paired = { ...toPaired({ comparison, pairs, margin }, alpha), ...countSides(pairs, sign) };
  const items = pairs.itemIds
    .map((itemId, at) => ({ itemId, before: pairs.base[at] ?? 0, after: pairs.head[at] ?? 0 }))
    .filter((one) => one.before !== one.after)
    .sort((a, b) => sign * (a.after - a.before - (b.after - b.before)));
  return { candidate, comparison: { ...paired, adjustedPValue: comparison.pValue }, items };
}

function warningsOf({ content }: OptimisationRow, best: OptimisationCandidate, { test }: Parts): string[] {
  const leaks = findLeaks(textsIn(best.content).join("\n"), textsIn(content).join("\n"), test);
  if (leaks.length === 0) return [];
  const shown = leaks.slice(0, 10).join(", ");
  return [
    `The best prompt contains the text of ${leaks.length} test ${leaks.length === 1 ? "item" : "items"} word for word (${shown}), so its test result is too good.`,
  ];
}
