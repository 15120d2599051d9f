import type { SpanInput } from "@treadle/contract";
import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 90_000 };
const LONG = { timeout: 400_000 };
const TITLE = "TimeoutError: the search index took longer than <n> s.";

describe.runIf(hasChromium)("issues and topics", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
  }, LONG.timeout);
  afterAll(() => visitor?.close());

  const open = (path: string, look: { width?: number; theme?: "light" | "dark" } = {}) =>
    visitor.open({ ...look, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");
  const client = () => createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
  const fail = (more: Partial<SpanInput> = {}) =>
    recordSpan(visitor.treadle, {
      status: "error",
      errorType: "TimeoutError",
      errorMessage: "The search index took longer than 30 s.",
      userId: "ada",
      release: "1.0.0",
      ...more,
    });
  /** Failures are grouped every 10 seconds. */
  const issues = (wanted: (items: readonly { title: string; state: string; occurrences: number }[]) => void) =>
    vi.waitFor(async () => wanted((await client().call("GET /api/v1/issues", { query: { limit: 50 } })).items), WORK);

  test("failures become an issue that is acknowledged, resolved in a release, and regresses", LONG, async () => {
    const page = await open("/issues");
    await page.getByText("No open issues").waitFor(WORK);
    for (let call = 0; call < 3; call++) await fail();
    await fail({ kind: "tool", name: "weather", errorType: "KeyError", errorMessage: 'city "Rome" was not found' });
    await issues((items) => expect(items.map(({ occurrences }) => occurrences).sort()).toEqual([1, 3]));

    await page.reload();
    const list = page.getByRole("table", { name: "Issues" });
    await list.getByRole("link", { name: TITLE }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("searchbox", { name: "Search issues" }).fill("nothing like this");
    await page.getByText("No matching issues").waitFor(WORK);
    await page.getByRole("button", { name: "Show all issues" }).click();
    await list.getByRole("link", { name: TITLE }).click();

    await page.getByRole("heading", { name: TITLE }).waitFor(WORK);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Acknowledge" }).click();
    await page.getByText("Acknowledged").first().waitFor(WORK);
    await page.route(
      "**/api/v1/test-sets",
      (route) => route.fulfill({ status: 500, json: { error: { message: "No." } } }),
      {
        times: 1,
      },
    );
    await page.getByLabel("Kind of link").selectOption({ label: "Test set" });
    await page.getByText("The choices could not be loaded.").waitFor(WORK);
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByLabel("Test set", { exact: true }).selectOption({ index: 1 });
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: /^Remove / }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);

    await page.getByRole("button", { name: "Resolve", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Resolve the issue" });
    await dialog.getByText("In a release").click();
    await dialog.getByRole("button", { name: "Resolve", exact: true }).click();
    await dialog.getByText("Fill in all fields.").waitFor();
    await dialog.getByLabel("Release").fill("1.1.0");
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Resolve", exact: true }).click();
    await page.getByRole("button", { name: "Resolved", exact: true }).waitFor(WORK);

    // An older release does not reopen it. The fixed one does.
    await fail({ release: "1.0.9" });
    await issues((items) => expect(items.find(({ title }) => title === TITLE)).toMatchObject({ occurrences: 4 }));
    await issues((items) => expect(items.find(({ title }) => title === TITLE)).toMatchObject({ state: "resolved" }));
    await fail({ release: "1.1.0" });
    await issues((items) => expect(items.find(({ title }) => title === TITLE)).toMatchObject({ state: "regressed" }));
    await page.reload();
    await page.getByText("Regressed").first().waitFor(WORK);
    expect(visitor.troubles).toEqual([]);

    const phone = await open("/issues?state=regressed", { width: 390, theme: "dark" });
    await phone.getByRole("link", { name: TITLE }).waitFor(WORK);
    expect(await fits(phone)).toBe(true);
    await phone.getByRole("link", { name: TITLE }).click();
    await phone.getByRole("heading", { name: TITLE }).waitFor(WORK);
    expect(await fits(phone)).toBe(true);
    expect(await seriousIn(phone)).toEqual([]);
  });

  test("a run finds topics, and a topic is opened and renamed", LONG, async () => {
    const page = await open("/topics");
    await page.getByText("No topics yet").waitFor(WORK);
    const inputs = ["Where is my new card", "Please refund my order", "I forgot my password", "Write a poem"];
    for (let call = 0; call < 40; call++)
      await recordSpan(visitor.treadle, {
        input: [{ role: "user", parts: [{ type: "text", content: `${inputs[call % 4]} ${call}` }] }],
      });
    // A run reads what SQL reads. Spans arrive there after a few seconds.
    const sql = "SELECT count() FROM spans WHERE status = 'ok'";
    await vi.waitFor(async () => {
      const { rows } = await client().call("POST /api/v1/sql", { body: { sql } });
      expect(Number(rows[0]?.[0])).toBe(40);
    }, WORK);
    await page.getByRole("button", { name: "Run now" }).click();
    const table = page.getByRole("table", { name: "Topics" });
    await table.getByRole("button", { name: /card/ }).first().waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await table.getByRole("button", { name: /card/ }).first().click();
    await page.getByRole("heading", { name: "Typical inputs" }).waitFor(WORK);
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Missing cards");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await table.getByRole("button", { name: "Missing cards" }).waitFor(WORK);
    expect(visitor.troubles).toEqual([]);

    const phone = await open("/topics", { width: 390, theme: "dark" });
    await phone.getByRole("button", { name: "Missing cards" }).waitFor(WORK);
    expect(await fits(phone)).toBe(true);
    expect(await seriousIn(phone)).toEqual([]);
  });
});
