import { type Run, type RunItem, RunItemsQuery } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Runs } from "../results/runs-service.ts";

/** All items of a run with whole outputs, page by page. */
export async function* readRunItems(
  { listItems }: Pick<Runs, "listItems">,
  scope: Scope,
  runId: string,
): AsyncGenerator<RunItem> {
  for (let cursor: string | undefined; ; ) {
    const query = RunItemsQuery.parse({ limit: 200, whole: "true", ...(cursor !== undefined && { cursor }) });
    const page = await listItems(scope, runId, query);
    yield* page.items;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

const FORMULA = /^[=+\-@\t\r]/;

/** A value as a cell of a CSV file. Text that a spreadsheet would interpret as a formula gets an apostrophe. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line for each answer, with a column for each score. */
export async function* toCsv({ scorers }: Pick<Run, "scorers">, items: AsyncIterable<RunItem>): AsyncGenerator<string> {
  const scores = scorers.flatMap(({ key }) => [key, `${key} state`, `${key} reason`]);
  const facts = ["itemId", "repeat", "state", "inputs", "expected", "metadata", "output", "error"];
  const measures = ["latencyMs", "costUsd", "inputTokens", "outputTokens", "traceId"];
  yield `${[...facts, ...measures, ...scores].map(csvCell).join(",")}\r\n`;
  for await (const { itemId, inputs, expected, metadata, results } of items)
    for (const result of results) {
      const { repeat, state, output, error, latencyMs, costUsd, inputTokens, outputTokens, traceId } = result;
      const judged = scorers.flatMap(({ key }) => {
        const score = result.scores.find(({ scorer }) => scorer === key);
        return [score?.value ?? score?.label, score?.state, score?.reason];
      });
      const values = [itemId, repeat, state, inputs, expected, metadata, output, error?.message];
      yield `${[...values, latencyMs, costUsd, inputTokens, outputTokens, traceId, ...judged].map(csvCell).join(",")}\r\n`;
    }
}

/** One object: the run, and its items with all answers. */
export async function* toJson(run: Run, items: AsyncIterable<RunItem>): AsyncGenerator<string> {
  yield `{"run":${JSON.stringify(run)},"items":[`;
  let isFirst = true;
  for await (const { base: _base, change: _change, ...item } of items) {
    yield `${isFirst ? "" : ","}\n${JSON.stringify(item)}`;
    isFirst = false;
  }
  yield "\n]}\n";
}
