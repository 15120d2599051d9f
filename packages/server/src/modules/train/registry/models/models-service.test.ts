import { join } from "node:path";
import { ModelImportInput } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeTinyAdapter } from "../../../../platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../../platform/inference/testing/tiny-model.ts";
import { as, openTestRegistry } from "../testing/open-registry.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;
let tiny = "";
let other = "";

beforeAll(async () => {
  opened = await openTestRegistry();
  registry = opened.registry;
  tiny = join(opened.folder, "tiny.gguf");
  other = join(opened.folder, "other.gguf");
  await writeTinyModel(tiny);
  await writeTinyModel(other, { seed: 5 });
});
afterAll(() => opened.close());
beforeEach(async () => {
  scope = await opened.newScope();
});

const bring = async (name: string, source: string, more: object = {}) => {
  const { jobId } = await registry.imports.start(scope, ModelImportInput.parse({ name, source, ...more }));
  return opened.ended(scope, jobId);
};
const place = (name: string, version: string | number) => ({ name, version: String(version) });

describe("a list of models", () => {
  const named = async (query: object) =>
    (await registry.models.list(scope, { search: "", limit: 10, ...query })).items.map(({ name }) => name);

  test("is narrowed by what is written of models and of their versions", async () => {
    await bring("bot", tiny, { tags: { team: "support", golden: "" }, notes: "Knows of looms." });
    await bring("other", tiny);
    await registry.models.update(scope, "other", { tags: { team: "sales" }, description: "For letters" });
    await registry.setStage(scope, place("bot", 1), { stage: "staging", note: "" });
    const path = join(opened.folder, "narrowed.gguf");
    await writeTinyAdapter(path, { seed: 9 });
    await bring("tuned", path, { base: "bot@v1" });
    expect(await named({})).toEqual(["bot", "other", "tuned"]);
    expect(await named({ search: "LOOMS" })).toEqual(["bot"]);
    expect(await named({ search: "sales" })).toEqual(["other"]);
    expect(await named({ search: "%" })).toEqual([]);
    expect(await named({ tag: "team" })).toEqual(["bot", "other"]);
    expect(await named({ tag: "team=support" })).toEqual(["bot"]);
    expect(await named({ stage: "staging" })).toEqual(["bot"]);
    expect(await named({ base: "bot@v1" })).toEqual(["tuned"]);
    expect(await named({ stage: "staging", tag: "team=sales" })).toEqual([]);
    expect(await registry.models.filters(scope)).toEqual({
      tags: [
        { key: "golden", value: "" },
        { key: "team", value: "sales" },
        { key: "team", value: "support" },
      ],
      bases: ["bot@v1"],
    });
    expect(await registry.models.filters(await opened.newScope())).toEqual({ tags: [], bases: [] });
  });
});

describe("what needs a model", () => {
  test("is listed by name, with the endpoints and adapters that use it, and cannot be deleted", async () => {
    await bring("bot", tiny);
    await bring("bot", other);
    await registry.moveAlias(scope, "bot", { alias: "canary", version: "1", reason: "" });
    const path = join(opened.folder, "needing.gguf");
    await writeTinyAdapter(path, { seed: 11 });
    await bring("tuned", path, { base: "bot@v2" });
    opened.endpoints.push(
      { id: "end_1", name: "support", models: ["bot", "tuned@v1"] },
      { id: "end_2", name: "fixed", models: ["registry://bot@1"] },
    );
    const uses = await registry.models.uses(scope, "bot");
    opened.endpoints.length = 0;
    expect(uses).toEqual({
      names: [
        { name: "bot", version: 2, whyNot: null, endpoints: [{ endpointId: "end_1", name: "support" }] },
        { name: "bot@canary", version: 1, whyNot: null, endpoints: [] },
        { name: "bot@v1", version: 1, whyNot: null, endpoints: [{ endpointId: "end_2", name: "fixed" }] },
      ],
      above: [{ name: "tuned", version: 1, over: 2 }],
    });
    for (const { name, version } of uses.names) {
      const served = await registry.served.resolve(scope.projectId, name);
      expect(served?.name).toBe(`bot@v${version}`);
    }
    await registry.removeAlias(scope, "bot", "canary");
    await expect(registry.models.delete(scope, "bot")).rejects.toThrow("is the base of tuned@v1 (over version 2)");
    await registry.models.delete(scope, "tuned");
    await registry.models.delete(scope, "bot");
  });

  test("without a version nothing answers", async () => {
    await registry.models.create(scope, {
      name: "empty",
      description: "",
      tags: {},
      keepVersions: null,
      retention: "project",
    });
    expect(await registry.models.uses(scope, "empty")).toEqual({
      names: [{ name: "empty", version: null, whyNot: null, endpoints: [] }],
      above: [],
    });
  });
});

describe("the stage of a version", () => {
  test("has a history of who set it or asked, who decided, and what they said", async () => {
    await bring("bot", tiny);
    await bring("bot", other);
    const alice = as(scope, "user_alice");
    await registry.setStage(alice, place("bot", 1), { stage: "staging", note: "try it" });
    await registry.setStage(alice, place("bot", 1), { stage: "staging", note: "again" });
    await registry.settings.update(scope, { needsApproval: true });
    await registry.setStage(alice, place("bot", 1), { stage: "production", note: "it is good" });
    await registry.setStage(alice, place("bot", 2), { stage: "production", note: "so is this" });
    const { items: waiting } = await registry.stages.list(scope, {
      state: "pending",
      name: "bot",
      version: 1,
      limit: 9,
    });
    const [asked] = waiting;
    expect(waiting).toHaveLength(1);
    const bob = as(scope, "user_bob");
    await registry.stages.decide(bob, asked?.requestId ?? "", { decision: "rejected", note: "not yet" });
    const { items } = await registry.stages.list(alice, { name: "bot", version: 1, limit: 9 });
    expect(items).toMatchObject([
      {
        stage: "production",
        state: "rejected",
        note: "it is good",
        isOwn: true,
        proposedBy: "Name of user_alice",
        decidedBy: "Name of user_bob",
        decisionNote: "not yet",
      },
      { stage: "staging", state: "approved", note: "try it", decidedBy: null },
    ]);
  });
});

describe("versions of two models", () => {
  test("of two models are compared like versions of one model", async () => {
    await bring("bot", tiny);
    await bring("rival", tiny, { license: "mit" });
    const { left, right, facts, files } = await registry.versions.compare(scope, "bot", {
      left: "1",
      right: "v1",
      with: "rival",
    });
    expect([left.name, right.name]).toEqual(["bot", "rival"]);
    expect(facts.filter(({ isSame }) => !isSame).map(({ name }) => name)).toEqual(["License"]);
    expect(files).toMatchObject([{ path: "tiny.gguf", state: "same" }]);
    const nobody = { left: "1", right: "1", with: "nobody" };
    await expect(registry.versions.compare(scope, "bot", nobody)).rejects.toMatchObject({ code: "not_found" });
  });
});
