import type { Dataset, ItemInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createTestSets } from "./service.ts";

const scope: Scope = {
  projectId: "proj_1",
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(["datasets:write"]),
};

/** Datasets that remember what was done to them; `refuse` is what their commit throws. */
function openDatasets(refuse?: AppError) {
  const kept = new Map<string, { input: object; items: readonly ItemInput[]; message: string | null }>();
  const of = (datasetId: string) => kept.get(datasetId) ?? { input: {}, items: [], message: null };
  const datasets = {
    list: {
      async create(_scope: Scope, input: object) {
        kept.set("ds_1", { input, items: [], message: null });
        return { datasetId: "ds_1" } as Dataset;
      },
      get: async (_scope: Scope, datasetId: string) => ({ datasetId, rows: of(datasetId).items.length }) as Dataset,
      async delete(_scope: Scope, datasetId: string) {
        kept.delete(datasetId);
      },
    },
    edits: {
      async add(_scope: Scope, { datasetId }: { datasetId: string }, items: readonly ItemInput[]) {
        kept.set(datasetId, { ...of(datasetId), items });
      },
    },
    versions: {
      async commit(_scope: Scope, { datasetId }: { datasetId: string }, message: string) {
        if (refuse) throw refuse;
        kept.set(datasetId, { ...of(datasetId), message });
      },
    },
  };
  const testSets = createTestSets({ datasets: datasets as never });
  return { kept, testSets };
}

test("a dataset of a set is one for evaluation, with all items in its first version", async () => {
  const { kept, testSets } = openDatasets();
  const [set] = testSets.list().items;
  expect(await testSets.createDataset(scope, "jailbreak", { name: "attacks" })).toMatchObject({ rows: set?.items });
  expect(kept.get("ds_1")).toMatchObject({
    input: { name: "attacks", isEvaluation: true, description: set?.description },
    message: expect.stringContaining("version 1"),
  });
  expect(set?.categories.reduce((sum, { items }) => sum + items, 0)).toBe(set?.items);
});

test("only items of the categories that are named are taken", async () => {
  const { kept, testSets } = openDatasets();
  await testSets.createDataset(scope, "jailbreak", { name: "attacks", categories: ["crescendo", "many-shot"] });
  const items = kept.get("ds_1")?.items ?? [];
  expect(new Set(items.map(({ metadata }) => metadata.category))).toEqual(new Set(["crescendo", "many-shot"]));
});

test("an unknown set and an unknown category are refused with those there are, before anything is made", async () => {
  const { kept, testSets } = openDatasets();
  await expect(testSets.createDataset(scope, "nothing", { name: "a" })).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(/"nothing".*jailbreak/),
  });
  await expect(testSets.createDataset(scope, "jailbreak", { name: "a", categories: ["magic"] })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(/"magic".*role-play/),
  });
  expect(kept.size).toBe(0);
});

test("a set that cannot be written leaves no dataset behind", async () => {
  const { kept, testSets } = openDatasets(new AppError("unavailable"));
  await expect(testSets.createDataset(scope, "jailbreak", { name: "a" })).rejects.toMatchObject({
    code: "unavailable",
  });
  expect(kept.size).toBe(0);
});
