import { randomBytes } from "node:crypto";
import type { SpanInput } from "@treadle/contract";
import { type Client, createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const LONG = { timeout: 180_000 };
const MINUTE_MS = 60_000;
const COUNT = 400;

/** Calls of two models in two releases over 20 minutes. In the last 10 minutes, one model fails in one release. */
function plantedSpans(): SpanInput[] {
  const now = Date.now();
  return Array.from({ length: COUNT }, (_, place): SpanInput => {
    const isNow = place >= COUNT / 2;
    const responseModel = place % 2 === 0 ? "gpt-x" : "gpt-y";
    const release = place % 4 < 2 ? "v41" : "v42";
    const isBad = isNow ? responseModel === "gpt-x" && release === "v42" && place % 8 < 6 : place % 50 === 0;
    return {
      traceId: randomBytes(16).toString("hex"),
      spanId: randomBytes(8).toString("hex"),
      name: "chat",
      kind: "generation",
      startTime: new Date(now - 20 * MINUTE_MS + (place / COUNT) * 20 * MINUTE_MS).toISOString(),
      durationMs: 300,
      responseModel,
      release,
      input: [{ role: "user", parts: [{ type: "text", content: "Hello" }] }],
      output: null,
      ...(isBad ? { status: "error" as const, errorType: "server_error" } : {}),
    };
  });
}

describe.runIf(hasChromium)("incidents", () => {
  let visitor: Visitor;
  let client: Client;
  beforeAll(async () => {
    visitor = await startVisitor();
    const { url: baseUrl, apiKey } = visitor.treadle;
    client = createClient({ baseUrl, apiKey });
    await client.call("POST /api/v1/spans", { body: { spans: plantedSpans() } });
    await vi.waitFor(async () => {
      const count = async () =>
        (await client.call("GET /api/v1/spans", { query: { limit: 1, filter: "" } })).items.length;
      expect(await count()).toBe(1);
    }, LONG);
  }, LONG.timeout);
  afterAll(() => visitor?.close());
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });

  test("a person opens an incident, reads what changed, takes it over and resolves it", LONG, async () => {
    const page = await open("/incidents");
    await page.getByRole("heading", { name: "No incidents" }).waitFor();
    await page.getByRole("button", { name: "New incident" }).click();
    const dialog = page.getByRole("dialog", { name: "New incident" });
    await dialog.getByLabel("Title").fill("The error rate is above 5 %");
    await dialog.getByRole("button", { name: "Open incident" }).click();
    await page.getByRole("heading", { level: 1, name: "The error rate is above 5 %" }).waitFor();
    const { items } = await client.call("GET /api/v1/incidents", { query: {} });
    const incidentId = items[0]?.incidentId ?? "";
    await page.getByRole("region", { name: "Affected traces" }).waitFor({ timeout: 60_000 });
    expect(await seriousIn(page)).toEqual([]);

    await page.getByRole("combobox", { name: "Owner" }).selectOption({ index: 1 });
    await page.getByText("Owner changed").waitFor();
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByText("● Acknowledged").waitFor();
    await page.getByRole("textbox", { name: "Comment on this incident" }).fill("It is the new release.");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await page.getByRole("list", { name: "Comments" }).getByText("It is the new release.").waitFor();
    await page.getByRole("button", { name: "Resolve" }).click();
    const resolve = page.getByRole("dialog", { name: "Resolve incident" });
    await resolve.getByLabel("Note").fill("Went back to v41.");
    await resolve.getByRole("button", { name: "Resolve" }).click();
    await page.getByText("● Resolved").waitFor();
    await page.getByText("Went back to v41.").waitFor();
    const report = await (
      await client.send("GET /api/v1/incidents/:incidentId/export", { params: { incidentId } })
    ).text();
    for (const part of [
      "# The error rate is above 5 %",
      "## Evidence",
      "## Timeline",
      "Went back to v41.",
      "> It is the new release.",
    ])
      expect(report).toContain(part);
    expect(visitor.troubles).toEqual([]);
  });

  test("the evidence names the model and the release in which calls fail, also on a phone", LONG, async () => {
    const from = new Date(Date.now() - 10 * MINUTE_MS).toISOString();
    const { incidentId } = await client.call("POST /api/v1/incidents", { body: { title: "Planted failure", from } });
    const page = await open(`/incidents/${incidentId}`);
    await page
      .getByText(/model "gpt-x" with release "v42"/)
      .first()
      .waitFor({ timeout: 60_000 });
    const segments = page.getByRole("table", { name: "Compared with the time before" });
    await segments.getByRole("row", { name: /model gpt-x.*release v42/ }).waitFor();
    await page.getByRole("region", { name: "Affected traces" }).getByRole("button", { name: "Add to dataset" }).click();
    const dialog = page.getByRole("dialog");
    await dialog
      .getByText(/trace:/)
      .or(dialog.getByRole("textbox", { name: "Filter" }))
      .first()
      .waitFor();
    const phone = await open(`/incidents/${incidentId}`, 390);
    await phone
      .getByText(/model "gpt-x" with release "v42"/)
      .first()
      .waitFor();
    const overflow = await phone.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await seriousIn(phone)).toEqual([]);
    const list = await open("/incidents");
    await list.getByRole("combobox", { name: "State" }).selectOption({ label: "Unresolved" });
    await list.getByRole("link", { name: "Planted failure" }).waitFor();
    expect(await seriousIn(list)).toEqual([]);
  });
});
