import type { OptimisationCandidate, OptimisationTest } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import type { OptimisationDeps } from "./deps.ts";
import type { OptimisationRow } from "./store.ts";

const METHODS = { gepa: "GEPA", "few-shot": "few-shot examples", mutations: "mutations" } as const;
const digits = (value: number | null) => (value === null ? "–" : String(Number(value.toPrecision(3))));

type Draft = {
  readonly row: Pick<OptimisationRow, "id" | "promptName" | "promptVersion" | "input" | "scorers">;
  readonly candidate: Pick<OptimisationCandidate, "candidate" | "content" | "quality">;
  /** Of this candidate; null when it was not tested. */
  readonly test: OptimisationTest | null;
};

/** Saves a prompt that was found as a version without a label, which tells how it was found and how it did. */
export const saveDraft = ({ prompts }: Pick<OptimisationDeps, "prompts">, scope: Scope, draft: Draft) =>
  prompts.save(scope, draft.row.promptName, { content: draft.candidate.content, message: messageOf(draft) });

/** The versions that candidates became, with one more; a later version of a candidate takes the place of an earlier one. */
export const savedWith = (saved: OptimisationRow["saved"], one: OptimisationRow["saved"][number]) => [
  ...saved.filter(({ candidate }) => candidate !== one.candidate),
  one,
];

function messageOf({ row, candidate, test }: Draft): string {
  const scorer = row.scorers[0]?.key ?? "";
  const origin = `Made from version ${row.promptVersion} by ${METHODS[row.input.method]} (${row.id}, candidate ${candidate.candidate}).`;
  if (!test)
    return `${origin} ${scorer} ${digits(candidate.quality)} on the items it was chosen by; not tested on others.`;
  const { meanBase, meanHead, items, interval, pValue, verdict } = test.comparison;
  const range = interval ? ` [${digits(interval.low)}, ${digits(interval.high)}]` : "";
  return `${origin} ${scorer} ${digits(meanBase)} → ${digits(meanHead)} on ${items} items that the search never saw: difference ${digits(test.comparison.difference)}${range}, p ${digits(pValue)}, ${verdict}.`;
}
