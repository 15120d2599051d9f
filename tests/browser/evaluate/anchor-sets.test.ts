import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("anchor sets", () => {
  let visitor: Visitor;
  let scorerId: string;
  beforeAll(async () => {
    visitor = await startVisitor();
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const params = { phrases: ["Paris"] };
    ({ scorerId } = await call("POST /api/v1/scorers", { body: { name: "names a place", kind: "contains", params } }));
    const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "labelled places" } });
    const items = Array.from({ length: 40 }, (_, at) => ({
      inputs: { answer: at % 2 === 0 ? `In Paris, ${at}` : `In Rome, ${at}` },
      expected: null,
      metadata: { human: at % 2 === 0 ? "pass" : "fail" },
    }));
    await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
    await call("POST /api/v1/datasets/:datasetId/draft/commit", {
      params: { datasetId },
      body: { message: "Labelled" },
    });
  }, LONG.timeout);
  afterAll(() => visitor?.close());

  test("a set is judged immediately, and an alarm is shown when the scorer gets worse", LONG, async () => {
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const path = `/scorers/${scorerId}?tab=calibration&project=${visitor.projects.own}`;
    const page = await visitor.open({ path });
    const sets = page.getByRole("region", { name: "Anchor sets" });
    await sets.getByRole("button", { name: "Add" }).click();
    const form = page.getByRole("form", { name: "Anchor set" });
    await form.getByLabel("Name").fill("places");
    await form.getByLabel("Dataset").selectOption({ label: "labelled places" });
    expect(await seriousIn(page)).toEqual([]);
    await form.getByRole("button", { name: "Create" }).click();
    await sets.getByText("Version 1: 100% of 40 agree").waitFor(WORK);
    await sets.getByText("Version 1: 100% of 40 agree").click();
    await page.getByRole("region", { name: "Version 1 compared with people" }).waitFor(WORK);

    await call("POST /api/v1/scorers/:scorerId/versions", {
      params: { scorerId },
      body: { params: { phrases: ["Rome"] }, message: "The wrong town" },
    });
    await sets.getByText(/agrees with people on 100\.0 % fewer/).waitFor({ timeout: 90_000 });
    await sets.getByText("Version 2: 0% of 40 agree").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await sets.getByRole("button", { name: "Actions for places" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await sets.getByText("No anchor sets yet.").waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });
});
