import type { OptimisationCandidate, OptimisationTest } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { OptimisationDeps } from "../stores/deps.ts";
import type { OptimisationRow } from "../stores/store.ts";

const METHODS = { gepa: "GEPA", "few-shot": "few-shot examples", mutations: "mutations" } as const;
const digits = (value: number | null) => (value === null ? "–" : String(Number(value.toPrecision(3))));

type Draft = {
  readonly row: Pick<OptimisationRow, "id" | "promptName" | "promptVersion" | "input" | "scorers">;
  readonly candidate: Pick<OptimisationCandidate, "candidate" | "content" | "quality">;
  /** For this candidate. Null if it was not tested. */
  readonly test: OptimisationTest | null;
};

/** Saves a candidate as a version without a label, with its origin and result. */
export const saveDraft = ({ prompts }: Pick<OptimisationDeps, "prompts">, scope: Scope, draft: Draft) =>
  prompts.save(scope, draft.row.promptName, { content: draft.candidate.content, message: messageOf(draft) });

/** The versions of candidates, with one more. A later version of a candidate replaces an earlier one. */
export const savedWith = (saved: OptimisationRow["saved"], one: OptimisationRow["saved"][number]) => [
  ...saved.filter(({ candidate }) => candidate !== one.candidate),
  one,
];

function messageOf({ row, candidate, test }: Draft): string {
  const scorer = row.scorers[0]?.key ?? "";
  const origin = `Made from version ${row.promptVersion} by ${METHODS[row.input.method]} (${row.id}, candidate ${candidate.candidate}).`;
  if (!test)
    return `${origin} ${scorer} ${digits(candidate.quality)} on the selection items; not tested on other items.`;
  const { meanBase, meanHead, items, interval, pValue, verdict } = test.comparison;
  const range = interval ? ` [${digits(interval.low)}, ${digits(interval.high)}]` : "";
  return `${origin} ${scorer} ${digits(meanBase)} → ${digits(meanHead)} on ${items} items that the search never saw: difference ${digits(test.comparison.difference)}${range}, p ${digits(pValue)}, ${verdict}.`;
}
