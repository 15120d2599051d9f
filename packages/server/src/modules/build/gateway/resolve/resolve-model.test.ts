import { expect, test } from "vitest";
import { systemClock } from "../../../../kernel/clock.ts";
import { connectionTo, endpointOf } from "../testing/open-gateway.ts";
import { createModelResolver, type PlanCaller } from "./resolve-model.ts";
import { createLoads } from "./routing/loads.ts";

const endpoint = endpointOf("support", { variants: [{ name: "only", model: "openai/x", weight: 1 }] });
const CALLER: PlanCaller = {
  fallbacks: [],
  variant: "",
  units: { user: "u1", session: "", conversation: () => "", isContinued: () => false, key: "key_1", request: "r1" },
  request: {
    tags: [],
    user: "u1",
    isStream: false,
    header: () => undefined,
    lastUserText: () => "",
    inputTokens: () => 0,
    maxOutputTokens: null,
  },
};
type Deps = Parameters<typeof createModelResolver>[0];
const open = (registered: Deps["registered"]) =>
  createModelResolver({
    connections: { resolve: async () => [connectionTo("http://127.0.0.1:1/v1")] },
    endpoints: { resolve: async () => new Map([[endpoint.name, endpoint]]) },
    models: { isLocal: () => false, absence: () => null, listReady: () => [] },
    registered,
    clock: systemClock,
    random: () => 0,
    loads: createLoads(systemClock),
    isAvailable: () => true,
    prices: { cost: () => null },
    detectLanguage: async () => ({ language: "und", confidence: 0 }),
    loadDrawn: async () => new Map(),
  });
const { plan } = open({ resolve: async () => null, names: async () => [] });

test.each([
  ["openai", { kind: "http", provider: { id: "openai-compatible" }, connection: { slug: "openai" } }],
  [null, { kind: "local" }],
])("a registered version is called at its place of storage, by its registered name: %s", async (connection, kept) => {
  const resolve = async (_: string, name: string) =>
    name === "bot" ? { model: "ft:small::abc", name: "bot@v2", connection } : null;
  const { targets } = await open({ resolve, names: async () => ["bot"] }).plan("p", "bot");
  expect(targets).toMatchObject([{ ...kept, name: "bot@v2", model: "ft:small::abc" }]);
});

test("a version whose connection was disabled a moment ago is not found", () =>
  expect(
    open({
      resolve: async () => ({ model: "ft:small::abc", name: "bot@v2", connection: "other" }),
      names: async () => [],
    }).plan("p", "bot"),
  ).rejects.toMatchObject({ code: "not_found" }));

test.each(["openai/x", "support"])(
  "an unknown fallback of the caller is laid to its header, when %s is asked",
  (model) =>
    expect(plan("p", model, { ...CALLER, fallbacks: ["openai/y", "nope"] })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/^The header x-treadle-fallback names the model "nope"/),
      details: { param: "x-treadle-fallback" },
    }),
);

test("an unknown model is reported as an error of the request", () =>
  expect(plan("p", "nope")).rejects.toMatchObject({
    message: expect.stringMatching(/^The model "nope" does not exist/),
    details: { param: "model" },
  }));
