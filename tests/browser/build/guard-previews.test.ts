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
    await page.getByText("precision not enough labels (1 of 1, 21% to 100%)").waitFor(WORK);
    await first.getByRole("button", { name: "False alarm" }).click();
    await page.getByText("precision not enough labels (0 of 1, 0% to 79%)").waitFor(WORK);
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

  test("two false alarms move the numbers of their detector's page", LONG, async () => {
    const { previewId } = await call("POST /api/v1/guard-previews", { body: { policyId } });
    const own = `project=${visitor.projects.own}`;
    const page = await visitor.open({
      width: 1440,
      path: `/guards/${policyId}?tab=preview&preview=${previewId}&${own}`,
    });
    await page.getByRole("table", { name: "Previews of this policy" }).getByText("version 1").first().waitFor(WORK);
    const examples = page.getByRole("table", { name: "Examples" });
    const say = async (place: number, name: string) => {
      const row = examples.getByRole("row").nth(place);
      await row.getByRole("button", { name, exact: true }).click(WORK);
      await row.getByRole("button", { name, exact: true, pressed: true }).waitFor(WORK);
    };
    for (const place of [1, 2, 3]) await say(place, "Right");
    await page.getByText("(3 of 3, 44% to 100%)").waitFor(WORK);
    await page.getByRole("link", { name: "Personal data" }).first().click();
    const numbers = page.getByLabel("Numbers");
    await numbers.getByText("3 of 3, 44% to 100%").waitFor(WORK);
    await page.getByText("No finding was labeled as a false alarm.").waitFor(WORK);
    await page.goBack();
    for (const place of [1, 2]) await say(place, "False alarm");
    await page.getByRole("link", { name: "Personal data" }).first().click();
    await numbers.getByText("1 of 3, 6.1% to 79%").waitFor(WORK);
    await numbers.getByText("1 right, 2 false alarms").waitFor(WORK);
    const alarms = page.getByRole("list", { name: "False alarms" }).getByRole("listitem");
    expect(await alarms.count()).toBe(2);
    await alarms.first().getByRole("button", { name: "Show text" }).click();
    expect(await alarms.first().locator("mark").textContent(WORK)).toMatch(/^person\d@example\.org$/);
    await page.getByRole("table", { name: "Results on built-in sets" }).getByText("Germany").waitFor(WORK);
    await page.getByRole("table", { name: "Policies" }).getByRole("link", { name: "Strict" }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await alarms.first().getByRole("button", { name: "Right", exact: true }).click();
    await numbers.getByText("2 of 3, 21% to 94%").waitFor(WORK);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(FITS)).toBe(true);
    await page.getByRole("link", { name: "Detectors", exact: true }).first().click();
    await page.getByRole("heading", { name: "Detectors", level: 1 }).waitFor(WORK);
    await page.getByText("Not enough labels").first().waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.evaluate(FITS)).toBe(true);
  });

  test("the examples of a preview are sent to a queue that asks about them", LONG, async () => {
    const { previewId } = await call("POST /api/v1/guard-previews", { body: { policyId } });
    const own = `project=${visitor.projects.own}`;
    const page = await visitor.open({
      width: 1440,
      path: `/guards/${policyId}?tab=preview&preview=${previewId}&${own}`,
    });
    await page.getByRole("button", { name: "Send to annotation" }).click(WORK);
    await page.getByRole("button", { name: "Create queue" }).click(WORK);
    await page.getByLabel("Question").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Added 3 items").waitFor(WORK);
    await page.getByRole("button", { name: "Show", exact: true }).last().click();
    await page.getByRole("heading", { name: "Is the finding right", level: 1 }).waitFor(WORK);
    await page.getByRole("button", { name: "Add items" }).click(WORK);
    await page.getByRole("button", { name: "Findings" }).click();
    await page.getByLabel("Preview").selectOption({ index: 1 });
    await page.getByLabel("Question").selectOption({ label: "Is the finding right?" });
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("3 already in the queue").waitFor(WORK);
  });

  test("a policy that observes is previewed as one that blocks, saved, and blocks the next call", LONG, async () => {
    const { treadle } = visitor;
    const variants = [{ name: "only", model: "previewed/echo-1", weight: 1 }];
    const { endpointId } = await call("POST /api/v1/endpoints", { body: { name: "helpdesk", variants } });
    const rules = [{ detector: "personal-data", action: "observe" as const, scopes: ["user" as const] }];
    const careful = await call("POST /api/v1/guard-policies", {
      body: { name: "Careful", rules, appliesTo: { endpointId } },
    });
    const ask = (content: string) =>
      fetch(`${treadle.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "helpdesk", messages: [{ role: "user", content }] }),
      });
    for (const content of ["What is a loom?", "Please write to person8@example.org today."])
      expect((await ask(content)).status).toBe(200);
    await vi.waitFor(async () => {
      const { items } = await call("GET /api/v1/spans", { query: { filter: "endpoint:helpdesk kind:generation" } });
      expect(items).toHaveLength(2);
    }, WORK);
    const params = { policyId: careful.policyId };
    const own = `project=${visitor.projects.own}`;
    const page = await visitor.open({ width: 1440, path: `/guards/${careful.policyId}?${own}` });
    const rule = page.getByRole("listitem", { name: /^Rule 1:/ });
    await rule.getByRole("group", { name: "Action of rule 1" }).getByRole("button", { name: "Block" }).click(WORK);
    await page.getByRole("tab", { name: "Preview" }).click();
    await page.getByRole("button", { name: "Start preview" }).click(WORK);
    await page.getByText("1 of 2 calls would have been changed or blocked: 50%.").waitFor(WORK);
    await page.getByRole("button", { name: "Save" }).click();
    await vi.waitFor(async () => {
      const { version } = await call("GET /api/v1/guard-policies/:policyId", { params });
      expect(version).toBe(2);
    }, WORK);
    const response = await ask("Please write to person9@example.org today.");
    expect(response.status).toBe(400);
    await page.goto(`${treadle.url}/traces/${response.headers.get("x-treadle-trace-id")}?${own}`);
    const guards = page.getByRole("region", { name: "Guards" });
    await guards.getByText("Blocked").waitFor(WORK);
    await guards.getByRole("link", { name: "Careful" }).waitFor(WORK);
    expect(await page.getByText("person9").count()).toBe(0);
    await call("DELETE /api/v1/guard-policies/:policyId", { params });
  });
});
