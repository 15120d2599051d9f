import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAskAll, type Shop, startShop } from "../../setup/scripted-shop.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 90_000 };
const LONG = { timeout: 240_000 };
const SECOND_IN_DAYS = 1 / 86_400;

describe.runIf(hasChromium)("the end of a rollout on its open page", () => {
  let visitor: Visitor;
  let shops: readonly Shop[] = [];
  let call: ReturnType<typeof createClient>["call"];
  beforeAll(async () => {
    [visitor, ...shops] = await Promise.all([startVisitor(), startShop(), startShop()]);
    ({ call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey }));
    for (const [place, slug] of ["first", "second"].entries()) {
      const baseUrl = shops[place]?.url ?? "";
      const keys = [{ value: "sk-a" }];
      const shared = { preset: "vllm" as const, maxRetries: 0, models: ["some"], keys };
      await call("POST /api/v1/connections", { body: { ...shared, slug, baseUrl } });
    }
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    for (const shop of shops) shop.close();
  });

  /** A running rollout whose candidate uses this model of the second provider, and its page. */
  async function watch(name: string, model: string, maxDays?: number) {
    const variants = [
      { name: "old", model: "first/fine", weight: 1 },
      { name: "new", model: `second/${model}`, weight: 0 },
    ];
    const { endpointId } = await call("POST /api/v1/endpoints", { body: { name, variants } });
    const { rolloutId } = await call("POST /api/v1/rollouts", {
      body: {
        endpointId,
        candidate: "new",
        control: "old",
        unit: "user",
        stages: [{ share: 0.5, minUnits: 60, minMinutes: 0 }],
        guardrails: [{ metric: { kind: "error" }, margin: 0.2 }],
        ...(maxDays !== undefined && { maxDays }),
      },
    });
    await call("POST /api/v1/rollouts/:rolloutId/start", { params: { rolloutId } });
    const page = await visitor.open({ width: 1440, path: `/rollouts/${rolloutId}?project=${visitor.projects.own}` });
    // On a busy machine, a short rollout can be paused before its page is open.
    await page.getByText(/^● (running|paused)$/).waitFor(WORK);
    return page;
  }

  test.each([
    { model: "shaky", users: 120, state: "● rolled back", words: /"new" is worse in error: \d/ },
    { model: "fine", users: 360, state: "● promoted", words: /"new" has the traffic of "old" now/ },
    { model: "fine", users: 12, state: "● paused", words: /No decision within/, maxDays: 20 * SECOND_IN_DAYS },
  ])("a rollout ends after $users users of a candidate that is $model", LONG, async ({ state, words, ...given }) => {
    const name = `watched-${given.users}`;
    const page = await watch(name, given.model, given.maxDays);
    await createAskAll(visitor.treadle)(name, given.users);
    await page.getByText(state).waitFor(WORK);
    await page.getByText(words).first().waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    expect(visitor.troubles).toEqual([]);
  });
});
