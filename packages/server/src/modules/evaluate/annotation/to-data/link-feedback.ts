import type { Item } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { FeedbackLists } from "../evidence/list-feedback.ts";

/**
 * Adds the ids of end-user feedback on the same trace to the metadata of annotation rows, for users who can read it.
 */
export async function linkFeedback(
  scope: Scope,
  feedback: Pick<FeedbackLists, "idsOfTraces">,
  rows: readonly Item[],
): Promise<Item[]> {
  if (!scope.permissions.has("feedback:read")) return [...rows];
  const traceIds = rows.flatMap((row) => traceOf(row) ?? []);
  const found = await feedback.idsOfTraces(scope, [...new Set(traceIds)]);
  return rows.map((row) => {
    const feedbackIds = found.get(traceOf(row) ?? "");
    return feedbackIds ? { ...row, metadata: { ...row.metadata, feedbackIds } } : row;
  });
}

const traceOf = ({ source }: Item): string | undefined =>
  source !== null && "traceId" in source && typeof source.traceId === "string" ? source.traceId : undefined;
