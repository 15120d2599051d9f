import type {
  AnnotationCandidate,
  AnnotationItemsInput,
  AnnotationQuestion,
  ItemResult,
  RunItem,
} from "@treadle/contract";
import { RunItemsQuery } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { createDraw } from "./draw.ts";
import { answerField, fieldOf, fieldsOf, plainMetadata } from "./fields.ts";
import { type Arriving, type Incoming, PLAIN, sourceOf } from "./incoming.ts";
import { suggestionOf } from "./suggest.ts";

type Deps = Pick<AnnotationDeps, "runs">;
type OfRun = Extract<AnnotationItemsInput, { from: "run" }>;
type OfRuns = Extract<AnnotationItemsInput, { from: "comparison" }>;
type Choice = Pick<OfRun, "itemIds" | "size" | "seed">;
type Drawn = { readonly item: RunItem; readonly inclusionProbability: number | null };

const PAGE = 200;

/** Items of a run with the answers of other runs: by their ids, or a random sample. */
async function drawItems(
  { runs }: Deps,
  scope: Scope,
  { runId, also, choice }: { runId: string; also: string; choice: Choice },
): Promise<{ total: number; drawn: AsyncIterable<Drawn> }> {
  const read = (cursor?: string) =>
    runs.listItems(scope, runId, RunItemsQuery.parse({ limit: PAGE, also, whole: "true", ...(cursor && { cursor }) }));
  const first = await read();
  const named = choice.itemIds && new Set(choice.itemIds);
  const draw = named ? null : createDraw({ total: first.total, size: choice.size, seed: choice.seed });
  async function* drawn() {
    for (let page = first; ; page = await read(page.nextCursor ?? undefined)) {
      for (const item of page.items)
        if (named ? named.has(item.itemId) : draw?.next())
          yield { item, inclusionProbability: draw?.probability ?? null };
      if (page.nextCursor === null) return;
    }
  }
  return { total: first.total, drawn: drawn() };
}

const answerOf = (results: readonly ItemResult[]) =>
  results.find(({ state, output }) => state === "ok" && output !== "");

function asked({ inputs, expected }: RunItem) {
  const values = typeof inputs === "object" && inputs !== null ? { ...inputs } : { input: inputs };
  const reference = expected === null || expected === undefined ? [] : [fieldOf("expected", expected, "markdown")];
  return [...fieldsOf(values), ...reference];
}
const metadataOf = ({ metadata, split }: RunItem) =>
  plainMetadata({ ...(typeof metadata === "object" && metadata), ...(split && { split }) });

/** Answers of one run. */
export async function fromRun(
  deps: Deps,
  scope: Scope,
  { input, questions }: { input: OfRun; questions: readonly AnnotationQuestion[] },
): Promise<Arriving> {
  const { runId } = input;
  const { datasetId } = await deps.runs.get(scope, runId);
  const { total, drawn } = await drawItems(deps, scope, { runId, also: "", choice: input });
  async function* items(): AsyncGenerator<Incoming | null> {
    for await (const { item, inclusionProbability } of drawn) {
      const result = answerOf(item.results);
      const output = result && answerField(result.message ?? result.output);
      if (!result || !output) {
        yield null;
        continue;
      }
      const { traceId, spanId } = result;
      const scores = result.scores.map(({ scorer, ...score }) => ({ ...score, name: scorer }));
      yield {
        ...PLAIN,
        inclusionProbability,
        source: sourceOf({
          type: "run",
          key: `run:${runId}:${item.itemId}`,
          runIds: [runId],
          datasetId,
          itemId: item.itemId,
          traceId,
          spanId,
        }),
        content: { fields: [...asked(item), output], candidates: [] },
        metadata: metadataOf(item),
        suggestion: suggestionOf(questions, input.suggest, scores),
      };
    }
  }
  return { matching: input.itemIds ? null : total, items: items() };
}

/** Answers of several runs to the same item, side by side. A candidate's id is its run. */
export async function fromComparison(deps: Deps, scope: Scope, input: OfRuns): Promise<Arriving> {
  const [first = "", ...others] = input.runIds;
  const { datasetId } = await deps.runs.get(scope, first);
  const { total, drawn } = await drawItems(deps, scope, { runId: first, also: others.join(","), choice: input });
  async function* items(): AsyncGenerator<Incoming | null> {
    for await (const { item, inclusionProbability } of drawn) {
      const sides = [{ runId: first, results: item.results }, ...item.others];
      const candidates = sides.flatMap(candidateOf);
      const isAlike = new Set(candidates.map(({ fields }) => JSON.stringify(fields))).size < 2;
      if (candidates.length < input.runIds.length || (input.onlyDifferent && isAlike)) {
        yield null;
        continue;
      }
      const key = `runs:${input.runIds.toSorted().join(":")}:${item.itemId}`;
      yield {
        ...PLAIN,
        inclusionProbability,
        source: sourceOf({ type: "comparison", key, datasetId, itemId: item.itemId, runIds: input.runIds }),
        content: { fields: asked(item), candidates },
        metadata: metadataOf(item),
      };
    }
  }
  return { matching: input.itemIds ? null : total, items: items() };
}

function candidateOf({ runId, results }: Pick<RunItem["others"][number], "runId" | "results">): AnnotationCandidate[] {
  const result = answerOf(results);
  const output = result && answerField(result.message ?? result.output);
  return output ? [{ id: runId, fields: [output] }] : [];
}
