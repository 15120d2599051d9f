import { type Dataset, ItemInput, MAIN_BRANCH, type TestSetDatasetInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { createDatasets } from "../../data/datasets/index.ts";
import { TEST_SETS } from "./all-sets.ts";
import type { TestItem, TestSet } from "./sets/test-set.ts";

export type TestSetsDeps = {
  readonly datasets: Pick<ReturnType<typeof createDatasets>, "list" | "edits" | "versions">;
};

/** Sets of items that come with the program, and the datasets that are made of them. */
export function createTestSets({ datasets: { list, edits, versions } }: TestSetsDeps) {
  return {
    list: () => wholeList(TEST_SETS.map(describeSet)),

    /** A dataset with one version. Throws `not_found` and `invalid_request` that name what there is; a failure leaves none behind. */
    async createDataset(scope: Scope, testSetId: string, input: TestSetDatasetInput): Promise<Dataset> {
      const set = findSet(testSetId);
      const items = chooseItems(set, input.categories);
      const { datasetId } = await list.create(scope, {
        name: input.name,
        description: input.description ?? set.description,
        isEvaluation: true,
        schema: { inputs: null, expected: null, metadata: null },
      });
      try {
        const on = { datasetId, branch: MAIN_BRANCH };
        await edits.add(
          scope,
          on,
          items.map((item) => ItemInput.parse(item)),
        );
        await versions.commit(scope, on, `${set.label}, version ${set.version} of the built-in set`);
      } catch (error) {
        await list.delete(scope, datasetId);
        throw error;
      }
      return list.get(scope, datasetId);
    },
  };
}
export type TestSets = ReturnType<typeof createTestSets>;

function findSet(testSetId: string): TestSet {
  const set = TEST_SETS.find(({ id }) => id === testSetId);
  if (set) return set;
  throw new AppError("not_found", {
    message: `There is no built-in test set "${testSetId}". Available test sets: ${TEST_SETS.map(({ id }) => id).join(", ")}.`,
    details: { kind: "test set", id: testSetId },
  });
}

const categoryOf = ({ metadata }: TestItem) => String(metadata.category);

function chooseItems(set: TestSet, categories: readonly string[] | undefined): readonly TestItem[] {
  if (categories === undefined) return set.items;
  const known = new Set(set.items.map(categoryOf));
  const unknown = categories.find((category) => !known.has(category));
  if (unknown !== undefined)
    throw new AppError("invalid_request", {
      message: `The test set "${set.id}" has no category "${unknown}". Available categories: ${[...known].join(", ")}.`,
      details: { param: "categories" },
    });
  return set.items.filter((item) => categories.includes(categoryOf(item)));
}

function describeSet({ id, label, description, version, items, scorers }: TestSet) {
  const groups = Map.groupBy(items, categoryOf);
  const categories = [...groups].map(([category, some]) => {
    const intent = some.every(({ metadata }) => metadata.intent === "benign")
      ? ("benign" as const)
      : ("attack" as const);
    return { category, intent, items: some.length };
  });
  return { testSetId: id, label, description, version, items: items.length, categories, scorers: [...scorers] };
}
