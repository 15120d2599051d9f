import type { Item, SynthesisInput, SynthesisSpent } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createItemCheck, type Manifest } from "../datasets/index.ts";
import type { KeptItem } from "./kept-item.ts";
import { type Complete, createAsk } from "./model-calls/ask-model.ts";
import { RECIPES } from "./recipes/index.ts";
import type { Recipe } from "./recipes/recipe.ts";
import { createTry, keyOf } from "./run-try.ts";
import { drawSeeds, type SeedSource, takeSeeds } from "./seeds.ts";
import type { SourceDatasets } from "./source-datasets.ts";

export type WorkDeps = { readonly datasets: SourceDatasets; readonly complete: Complete };
export type Work = {
  readonly scope: Scope;
  readonly datasetId: string;
  readonly input: SynthesisInput;
  readonly signal: AbortSignal;
  /** Null for a preview. */
  readonly jobId: string | null;
  readonly spent?: SynthesisSpent;
  readonly kept?: readonly KeptItem[];
  /** How many items are read at most of what is there, for a preview. */
  readonly mostRows?: number;
};

/** Where the seeds are: a place that was named, or the draft that is worked on. */
export async function openSeeds(
  { datasets }: Pick<WorkDeps, "datasets">,
  { scope, datasetId, input }: Pick<Work, "scope" | "datasetId" | "input">,
): Promise<{ manifest: Manifest; isOwnDraft: boolean }> {
  const { branch, seeds } = input;
  const isOther = seeds.datasetId !== undefined && seeds.datasetId !== datasetId;
  if (!isOther && seeds.version === undefined)
    return { manifest: (await datasets.openDraft(scope, { datasetId, branch })).manifest, isOwnDraft: true };
  const place = { datasetId: seeds.datasetId ?? datasetId, version: seeds.version ?? "draft" };
  return { manifest: (await datasets.openVersion(scope, place)).manifest, isOwnDraft: false };
}

/** Everything that tries need: the models within their budget, the seeds, and what is there already. */
export async function openWork({ datasets, complete }: WorkDeps, work: Work) {
  const { scope, datasetId, input, signal, jobId, kept = [], mostRows = Number.POSITIVE_INFINITY } = work;
  const recipe = RECIPES[input.recipe];
  const { schema } = await datasets.get(scope, datasetId);
  const draft = await datasets.openDraft(scope, { datasetId, branch: input.branch });
  const { manifest, isOwnDraft } = await openSeeds({ datasets }, work);
  const read = (from: Manifest) => first(datasets.readItems(scope, from, { signal }), mostRows);
  const keys = new Set<string>();
  for await (const item of read(draft.manifest)) keys.add(keyOf(item, recipe));
  for (const { draft: item, fills } of kept) if (fills === null) keys.add(keyOf(item, recipe));
  const { ask, spent } = createAsk({ complete, scope, signal }, input, work.spent);
  const seeds = await seedsOf(recipe, { items: read(manifest), isOwnDraft, salt: jobId ?? "preview", kept });
  return {
    recipe,
    isOwnDraft,
    spent,
    seeds,
    seedRoot: manifest.root,
    runTry: createTry({ ask, input, recipe, jobId, check: createItemCheck(schema), keys }),
  };
}

type Seeding = { items: AsyncIterable<Item>; isOwnDraft: boolean; salt: string; kept: readonly KeptItem[] };
async function seedsOf(
  recipe: Recipe,
  { items, isOwnDraft, salt, kept }: Seeding,
): Promise<SeedSource & { close?(): Promise<void> }> {
  if (!recipe.isOncePerSeed) return drawSeeds({ items, recipe, salt, isOwnDraft });
  return takeSeeds({ items, recipe, isOwnDraft, done: new Set(kept.flatMap(({ of }) => of)) });
}

async function* first(items: AsyncIterable<Item>, most: number): AsyncGenerator<Item> {
  let rows = 0;
  for await (const item of items) {
    yield item;
    if (++rows >= most) return;
  }
}

/** Throws `invalid_request` or `unprocessable` for what cannot be begun. */
export async function checkInput(
  deps: Pick<WorkDeps, "datasets">,
  work: Pick<Work, "scope" | "datasetId" | "input">,
): Promise<void> {
  const { scope, input } = work;
  if (!scope.permissions.has("gateway:use"))
    throw new AppError("forbidden", {
      message: "Generating items calls models, which needs the permission `gateway:use`.",
    });
  if (input.recipe === "preferences" && input.judge === null)
    throw new AppError("invalid_request", {
      message: "Preference pairs need a judge that decides which answer is better. Set `judge` to a model.",
      details: { param: "judge" },
    });
  await deps.datasets.get(scope, work.datasetId);
  await deps.datasets.openDraft(scope, { datasetId: work.datasetId, branch: input.branch });
  const { manifest } = await openSeeds(deps, work);
  if (manifest.rows > 0) return;
  if (RECIPES[input.recipe].needsSeeds)
    throw new AppError("unprocessable", {
      message: "There is no item to start from. Add items first, or name another dataset in `seeds`.",
    });
  if (input.instructions.trim() === "")
    throw new AppError("unprocessable", {
      message: "There is no item to imitate. Set `instructions` to describe the items you want.",
      details: { param: "instructions" },
    });
}
