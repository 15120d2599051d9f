import type { OptimisationCandidate, OptimisationTest } from "@treadle/contract";
import type { JobRun } from "../../platform/jobs/port.ts";
import { countSides, marginOf, pairUp, testOf, toPaired } from "../evals/index.ts";
import type { Asking } from "./ask-items.ts";
import { findLeaks } from "./contamination.ts";
import type { OptimisationDeps } from "./deps.ts";
import { type Outcome, OutOfBudget } from "./lab.ts";
import { type Program, textsIn } from "./program.ts";
import { saveDraft, savedWith } from "./save-draft.ts";
import type { Parts } from "./split-items.ts";
import type { OptimisationRow } from "./store.ts";

type Ended = Pick<OptimisationRow, "message" | "test" | "saved" | "warnings" | "spent">;
type Testing = {
  readonly run: JobRun<unknown, object>;
  /** With what the search has found. */
  readonly row: OptimisationRow;
  readonly asking: Asking;
  readonly parts: Parts;
  readonly best: { readonly reported: OptimisationCandidate; readonly program: Program } | null;
  /** What the first prompt said to the test third. */
  readonly before: readonly Outcome[];
};

/**
 * Compares the best prompt with the first one on items that the search never saw. Only one that is better beyond doubt is saved,
 * as a version without a label.
 */
export async function testBest(deps: OptimisationDeps, testing: Testing): Promise<Ended> {
  const { run, row, asking, parts, best, before } = testing;
  const nothing = { test: null, saved: row.saved, warnings: [], spent: asking.spent() };
  if (!best) return { ...nothing, message: "The budget was used up before the first prompt was scored." };
  if (best.reported.candidate === 0)
    return { ...nothing, message: "No prompt did better than the first one on the items that they were chosen by." };
  const after = await answered(asking, best.program, parts);
  if (after === null)
    return { ...nothing, spent: asking.spent(), message: "The budget was used up before the best prompt was tested." };
  const test = await compare(deps, row, { candidate: best.reported.candidate, before, after });
  const found = { test, warnings: warningsOf(row, best.reported, parts), spent: asking.spent() };
  const { verdict } = test.comparison;
  if (verdict !== "better") return { ...found, saved: row.saved, message: REFUSALS[verdict] };
  const { version } = await saveDraft(deps, run.scope, { row, test, candidate: best.reported });
  return {
    ...{ ...found, saved: savedWith(row.saved, { candidate: best.reported.candidate, version }) },
    message: `A better prompt is version ${version} of ${row.promptName}, without a label. Look at it, and give it one.`,
  };
}

const REFUSALS = {
  worse: "The best prompt of the search is worse on items that it never saw, so it is not saved.",
  equivalent:
    "On items that the search never saw, the best prompt is no better than the first one, so it is not saved.",
  inconclusive:
    "On items that the search never saw, it is not beyond doubt that the best prompt is better, so it is not saved. More items would tell; it can be saved by hand.",
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
  const order = { ...testOf(scorer), base: pairs.base, head: pairs.head, margin, alpha };
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
    `The best prompt holds the text of ${leaks.length} test ${leaks.length === 1 ? "item" : "items"} word for word (${shown}), so its test says too much good of it.`,
  ];
}
