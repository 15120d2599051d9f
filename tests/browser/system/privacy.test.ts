import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../../packages/sdk/src/index.ts";
import { shootPage } from "../shots/shoot-page.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const PATH = "/settings/privacy";

describe.runIf(hasChromium)("privacy settings", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
  });
  afterAll(() => visitor?.close());

  test("redaction is off until it is turned on, and the form keeps what was saved", async () => {
    const page = await visitor.open({ path: `${PATH}?project=${visitor.projects.own}`, width: 1440 });
    await page.getByText("Redaction is off: traces and feedback are stored as they were sent.").waitFor();
    await page.getByLabel("Redact traces before they are stored").check();
    await page.getByLabel("IP addresses").uncheck();
    await page.getByLabel("Names and services").uncheck();
    await page.getByLabel("Replacement").selectOption("hash");
    await page.getByLabel("Traces with content (%)").fill("25");
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved the privacy settings").waitFor();
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const saved = await call("GET /api/v1/privacy");
    expect(saved).toMatchObject({ isEnabled: true, replacement: "hash", contentShare: 0.25, version: 1 });
    expect(saved.fields).not.toContain("names");
    expect(saved.detectors.find(({ detector }) => detector === "personal-data")?.options.groups).not.toContain(
      "ip-address",
    );
    await page.reload();
    await page.getByLabel("IP addresses").waitFor();
    expect(await page.getByLabel("IP addresses").isChecked()).toBe(false);
    expect(visitor.troubles).toEqual([]);
    await shootPage(visitor, "privacy", PATH);
  });

  test("a form without anything to find says so and cannot be saved", async () => {
    const page = await visitor.open({ path: `${PATH}?project=${visitor.projects.own}`, width: 390 });
    await page.getByLabel("Secrets and passwords").uncheck();
    for (const name of [
      "E-mail addresses",
      "Phone numbers",
      "Card numbers",
      "IBANs",
      "Identity numbers",
      "Dates of birth",
    ])
      await page.getByLabel(name).uncheck();
    await page.getByText("Choose at least one thing to find.").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  });
});
