import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { ItemRow } from "../stores/work-store.ts";
import type { Answered } from "./keep-answer.ts";

type Findings = Pick<AnnotationDeps["findings"], "addLabel" | "withdrawLabel">;
type Item = Pick<ItemRow, "source">;

/** The finding of an item, as its label names it. Null for other items. */
function findingOf({ source: { traceId, spanId, finding, labelQuestion } }: Item) {
  if (!finding || !labelQuestion || traceId === null || spanId === null) return null;
  return { question: labelQuestion, place: { traceId, spanId, ...finding } };
}

/** An answer to the question of a finding becomes the person's label, in the transaction of the answer. */
export async function labelFinding(
  findings: Findings,
  { tx, scope }: { readonly tx: Postgres; readonly scope: Scope },
  { item, row, person }: Answered,
): Promise<void> {
  const found = findingOf(item);
  const isRight = found && row.answers[found.question];
  // A repeated answer and a draft are not counted.
  if (found === null || person === undefined || typeof isRight !== "boolean") return;
  await findings.addLabel(tx, scope, { ...found.place, isRight });
}

/** An undone answer takes its label with it. */
export async function withdrawLabel(
  findings: Findings,
  { tx, scope }: { readonly tx: Postgres; readonly scope: Scope },
  item: Item,
): Promise<void> {
  const found = findingOf(item);
  if (found) await findings.withdrawLabel(tx, scope, found.place);
}
