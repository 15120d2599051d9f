import { FIRST_BURN_SQL, FIRST_SQL, type MonitorDraft } from "./monitor-draft.ts";

/** The kinds of condition that a source can have. */
export const kindsOf = ({ sourceKind }: Pick<MonitorDraft, "sourceKind">): readonly MonitorDraft["conditionKind"][] =>
  sourceKind === "sql" ? ["threshold", "burn"] : ["threshold", "burn", "change"];

/** Another kind of source. A kind of condition that it cannot have becomes a threshold. */
export function withSource(draft: MonitorDraft, sourceKind: MonitorDraft["sourceKind"]): Partial<MonitorDraft> {
  const next = { ...draft, sourceKind };
  const conditionKind = kindsOf(next).includes(draft.conditionKind) ? draft.conditionKind : "threshold";
  return { sourceKind, ...withCondition(next, conditionKind) };
}

/** Another kind of condition. An unchanged query becomes the example for the kind. */
export function withCondition(
  { sourceKind, sql }: MonitorDraft,
  conditionKind: MonitorDraft["conditionKind"],
): Partial<MonitorDraft> {
  if (sourceKind !== "sql" || ![FIRST_SQL, FIRST_BURN_SQL].includes(sql)) return { conditionKind };
  return { conditionKind, sql: conditionKind === "burn" ? FIRST_BURN_SQL : FIRST_SQL };
}
