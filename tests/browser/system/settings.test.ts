import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

describe.runIf(hasChromium)("settings", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    // A separate server, because this is about the first project and its only owner.
    visitor = await startVisitor({});
  });
  afterAll(() => visitor?.close());

  test("a key is shown once, works immediately, and stops immediately when it is revoked by its name", async () => {
    const page = await visitor.open({ path: "/settings" });
    await page.getByRole("button", { name: "New API key" }).click();
    await page.getByLabel("Name").fill("nightly report");
    await page.getByRole("button", { name: /^Reader(?! without)/ }).click();
    await page.getByRole("button", { name: "Create key" }).click();
    const key = await page.getByRole("textbox", { name: "New API key" }).inputValue();
    const client = createClient({ baseUrl: visitor.treadle.url, apiKey: key });
    await client.call("GET /api/v1/spans");
    await expect(client.call("POST /api/v1/api-keys", { body: { name: "more" } })).rejects.toMatchObject({
      code: "forbidden",
    });
    await page.getByRole("button", { name: "Done" }).click();
    expect(await page.content()).not.toContain(key);

    await page.getByRole("button", { name: "Revoke nightly report" }).click();
    const revoke = page.getByRole("button", { name: "Revoke key" });
    expect(await revoke.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("nightly report");
    await revoke.click();
    await page.getByText("Revoked nightly report").waitFor();
    await expect(client.call("GET /api/v1/spans")).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("an invited viewer comes in by their link, and sees no key and nothing to change", async () => {
    const page = await visitor.open({ path: "/settings/members" });
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByLabel("Email").fill("viewer@example.org");
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Create link" }).click();
    const link = new URL(await page.getByLabel("One-time sign-in link").inputValue());
    const viewer = await visitor.openStranger(link.pathname + link.hash);
    await viewer.getByRole("heading", { name: "Overview" }).waitFor();
    expect(await viewer.getByRole("link", { name: "Playground" }).count()).toBe(0);
    await viewer.goto(`${visitor.treadle.url}/models/providers`);
    await viewer.getByRole("link", { name: "Providers" }).waitFor();
    expect(await viewer.getByRole("heading", { name: /Connect/ }).count()).toBe(0);
    await viewer.goto(`${visitor.treadle.url}/settings/members`);
    await viewer.getByText("viewer@example.org").first().waitFor();
    expect(await viewer.getByRole("link", { name: "API keys" }).count()).toBe(0);
    expect(await viewer.getByRole("button", { name: "Invite" }).count()).toBe(0);
  });

  test("changes appear in the audit log with the user's name", async () => {
    const page = await visitor.open({ path: "/settings/audit" });
    await page.getByRole("row").filter({ hasText: "member" }).filter({ hasText: "Owner" }).first().waitFor();
  });

  test("the last owner cannot be made less, and the page says why", async () => {
    const page = await visitor.open({ path: "/settings/members" });
    await page.getByLabel("Role of owner@localhost").selectOption("viewer");
    await page.getByRole("alert").filter({ hasText: "The role was not changed" }).waitFor();
    await expect.poll(() => page.getByLabel("Role of owner@localhost").inputValue()).toBe("owner");
  });

  test("the system page names every store and its state", async () => {
    const page = await visitor.open({ path: "/settings/system" });
    for (const store of ["postgres", "columnar", "objects", "spool", "inference"]) {
      await page.getByRole("row").filter({ hasText: store }).filter({ hasText: "OK" }).waitFor();
    }
  });

  test("the palette opens a page by a word of it, and the keys are listed", async () => {
    const page = await visitor.open({ path: "/settings" });
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search pages and actions" }).fill("dashboard");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Dashboards" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Go to Traces").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Traces", exact: true }).waitFor();
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
