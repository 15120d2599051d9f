import type { RedTeamAttack, RedTeamRun } from "@treadle/contract";
import type { AnsweredItem } from "../../experiments/index.ts";
import { ItemFacts, outcomeOf } from "./read-outcomes.ts";

type Arms = Pick<RedTeamRun, "arms">["arms"];

/** A request with the answers of all arms. Undefined for an item that a person added to the dataset. */
export function toAttack({ item, answers }: AnsweredItem, arms: Arms): RedTeamAttack | undefined {
  const facts = ItemFacts.safeParse(item.metadata);
  if (!facts.success) return undefined;
  const { intent, ...rest } = facts.data;
  return {
    itemId: item.itemId,
    intent: intent === "attack" ? "attack" : "harmless",
    ...rest,
    answers: answers.flatMap((answer, at) => (answer ? [toAnswer(answer, arms[at]?.name ?? "")] : [])),
  };
}

function toAnswer({ result, scores }: NonNullable<AnsweredItem["answers"][number]>, arm: string) {
  const score = scores.find(({ state }) => state === "scored") ?? scores.find(({ state }) => state === "failed");
  const isScored = score?.state === "scored";
  return {
    arm,
    outcome: outcomeOf({ isError: result.state !== "ok", label: isScored ? score.label : null }),
    isSuccess: isScored ? score.value === 1 : null,
    output: result.output || textOfCalls(result.message),
    reason: result.errorMessage ?? score?.reason ?? "",
    traceId: result.traceId,
    spanId: result.spanId,
  };
}

/** An answer that only calls tools, as text. */
function textOfCalls(message: unknown): string {
  const { tool_calls: calls } = (message ?? {}) as { readonly tool_calls?: unknown };
  return Array.isArray(calls) && calls.length > 0 ? JSON.stringify(calls, null, 1) : "";
}
