import { expect, test } from "vitest";
import { createModelResolver } from "./resolve-model.ts";
import { connectionTo, endpointOf } from "./testing/open-gateway.ts";

const endpoint = endpointOf("support", { targets: [{ model: "openai/x", weight: 1 }] });
const { plan } = createModelResolver({
  connections: { resolve: async () => [connectionTo("http://127.0.0.1:1/v1")] },
  endpoints: { resolve: async () => new Map([[endpoint.name, endpoint]]) },
  models: { isLocal: () => false, absence: () => null, listReady: () => [] },
  registered: { resolve: async () => null, names: async () => [] },
  random: () => 0,
});

test.each(["openai/x", "support"])(
  "an unknown fallback of the caller is laid to its header, when %s is asked",
  (model) =>
    expect(plan("p", model, ["openai/y", "nope"])).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(/^The header x-treadle-fallback names the model "nope"/),
      details: { param: "x-treadle-fallback" },
    }),
);

test("an unknown model of the request is laid to the request", () =>
  expect(plan("p", "nope", [])).rejects.toMatchObject({
    message: expect.stringMatching(/^The model "nope" does not exist/),
    details: { param: "model" },
  }));
