import { type Client, createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
const FITS = "document.documentElement.scrollWidth <= window.innerWidth";
const CALLS = 12;

describe.runIf(hasChromium)("previews of guards", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  let call: Client["call"];
  let policyId: string;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
    const { treadle } = visitor;
    ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
    const { baseUrl } = provider;
    await call("POST /api/v1/connections", {
      body: { slug: "previewed", preset: "vllm", baseUrl, models: ["echo-1"], keys: [{ value: "sk-previewed" }] },
    });
    for (let place = 0; place < CALLS; place++) {
      const content = place < 3 ? `Please write to person${place}@example.org today.` : "What is the weather like?";
      const response = await fetch(`${treadle.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "previewed/echo-1", messages: [{ role: "user", content }] }),
      });
      expect(response.status).toBe(200);
    }
    await vi.waitFor(async () => {
      const { items } = await call("GET /api/v1/spans", { query: { limit: 200, kind: "generation" } });
      expect(items).toHaveLength(CALLS);
    }, WORK);
    const rules = [{ detector: "personal-data", action: "block" as const, scopes: ["user" as const] }];
    ({ policyId } = await call("POST /api/v1/guard-policies", { body: { name: "Strict", isEnabled: false, rules } }));
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });

  test("a preview shows what a policy would have blocked, and its examples are labeled", LONG, async () => {
    const path = `/guards/${policyId}?tab=preview&project=${visitor.projects.own}`;
    const page = await visitor.open({ width: 1440, path });
    await page.getByRole("button", { name: "Start preview" }).click(WORK);
    await page.getByText("3 of 12 calls would have been changed or blocked: 25%.").waitFor(WORK);
    expect(await page.getByRole("table", { name: "Examples" }).getByRole("row").count()).toBe(4);
    expect(await page.getByText("person0").count()).toBe(0);
    const first = page.getByRole("table", { name: "Examples" }).getByRole("row").nth(1);
    await first.getByRole("button", { name: "Right" }).click();
    await page.getByText("right of 1 labeled finding").waitFor(WORK);
    await first.getByRole("button", { name: "False alarm" }).click();
    await page.getByText("0% (0% to 79%) right of 1 labeled finding").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.getByText("have changed since this preview").count()).toBe(0);
    await first.getByRole("link", { name: "Open" }).click();
    await page
      .getByText(/person\d@example.org/)
      .first()
      .waitFor(WORK);
    await page.goBack();
    await page.getByText("3 of 12 calls would have been changed or blocked").waitFor(WORK);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(FITS)).toBe(true);
  });
});
