import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { plant } from "../../setup/planted-values.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const { email, card, token } = plant(7);
const OUTPUT = `Mail ${email}, card ${card}, key ${token}.`;

let treadle: SharedTreadle;
let call: Client["call"];
beforeAll(async () => {
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
});
afterAll(() => treadle?.stop());

const score = (params: Record<string, unknown>, output: string) =>
  call("POST /api/v1/scorers/try", { body: { ref: { kind: "guard", params }, sample: { output } } });

test("a detector and a policy score as the gateway's guards judge, without the values", async () => {
  const found = await score({ detector: "personal-data" }, OUTPUT);
  expect(found).toMatchObject({
    value: 1,
    details: { findings: { "personal-data/email": 1, "personal-data/card": 1 } },
  });
  expect(JSON.stringify(found)).not.toMatch(/pl4nted|5555770/);
  expect(await score({ detector: "personal-data", options: { groups: ["phone"] } }, OUTPUT)).toMatchObject({
    value: 0,
  });
  expect(await score({ detector: "secrets" }, "Nothing here.")).toMatchObject({ value: 0 });

  const { policyId } = await call("POST /api/v1/guard-policies", {
    body: { name: "Keys", isEnabled: false, rules: [{ detector: "secrets", action: "block" }] },
  });
  expect(await score({ policyId }, OUTPUT)).toMatchObject({
    value: 1,
    details: { findings: { "secrets/github-token": 1 } },
  });
  expect(await score({ policyId: "gpol_none" }, OUTPUT)).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("gpol_none"),
  });
});

test("a stored guard scorer is a kind like any other", async () => {
  const { items } = await call("GET /api/v1/scorer-kinds");
  expect(items.find(({ kind }) => kind === "guard")).toMatchObject({ group: "safety", output: { direction: "lower" } });
  const stored = await call("POST /api/v1/scorers", {
    body: { name: "Leaks", kind: "guard", params: { detector: "secrets" } },
  });
  expect(stored).toMatchObject({ kind: "guard", latest: { params: { detector: "secrets", scopes: ["output"] } } });
});
