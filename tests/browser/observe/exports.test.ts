import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const DAY_MS = 86_400_000;
/** The server looks for due exports every 15 seconds. */
const WRITE_MS = 90_000;

describe.runIf(hasChromium)("scheduled exports", () => {
  let visitor: Visitor;
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  beforeAll(async () => {
    visitor = await startVisitor();
    for (const hour of ["09", "17"])
      await recordSpan(visitor.treadle, { name: "answer", startTime: `${yesterday}T${hour}:30:00.000Z` });
  });
  afterAll(() => visitor?.close());
  const open = () => visitor.open({ path: `/settings/exports?project=${visitor.projects.own}` });

  test("an export writes the hours there are, and a file is what its checksum says", { timeout: 180_000 }, async () => {
    const page = await open();
    await page.getByRole("heading", { name: "No scheduled exports" }).waitFor();
    await page.getByRole("button", { name: "New export" }).click();
    await page.getByLabel("Name").fill("Archive");
    await page.getByLabel("Interval").selectOption("hour");
    await page.getByLabel("Start date").fill(yesterday);
    await page.getByLabel("Filter").fill("nmae:answer");
    await page.getByRole("button", { name: "Create export" }).click();
    await page.getByText('There is no field "nmae"').waitFor();
    await page.getByLabel("Filter").fill("name:answer");
    await page.getByRole("button", { name: "Create export" }).click();
    await page.getByText("Created Archive. It writes a file every hour.").waitFor();

    const files = page.getByRole("table", { name: "Files of Archive" });
    const first = files.getByRole("row").filter({ hasText: "09:00–10:00" });
    await first.waitFor({ timeout: WRITE_MS });
    await files.getByRole("row").filter({ hasText: "17:00–18:00" }).waitFor({ timeout: WRITE_MS });
    await first.getByRole("button", { name: "Copy the checksum" }).click();
    const checksum = await page.evaluate("navigator.clipboard.readText()");
    const coming = page.waitForEvent("download");
    await first.getByRole("button", { name: /^Download / }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toBe(`treadle-spans-${yesterday.replaceAll("-", "")}T090000Z.parquet`);
    const bytes = await readFile(await file.path());
    expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
    expect(hash("sha256", bytes)).toBe(checksum);
  });

  test("it is changed and paused, and what it says is what was set", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Edit Archive" }).click();
    await page.getByLabel("Files to keep").fill("48");
    await page.getByText("At one file per hour, this covers about 48 hours.").waitFor();
    await page.getByLabel("Include inputs, outputs").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/without content · retains the newest 48 files/).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("● paused").waitFor();
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await page.getByText("● on schedule").waitFor();
  });

  test("a failure says what helps, and is tried again on request", async () => {
    const page = await visitor.open({ path: `/settings?project=${visitor.projects.own}` });
    await page.route("**/api/v1/scheduled-exports", async (route) => {
      const response = await route.fetch();
      const { items } = await response.json();
      const lastError = "ENOSPC: no space left on device, write";
      await route.fulfill({ response, json: { items: items.map((item: object) => ({ ...item, lastError })) } });
    });
    await page.getByRole("link", { name: "Exports", exact: true }).click();
    await page.getByText("Free up space where the files are stored").waitFor();
    await page.getByRole("button", { name: "Retry now" }).click();
    await page.getByText("Archive will be retried within a few seconds").waitFor();
  });

  test("a viewer sees the files, and can neither download nor change anything", async () => {
    const page = await visitor.open({ path: `/settings/members?project=${visitor.projects.own}` });
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByLabel("Email").fill("viewer@example.org");
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Create link" }).click();
    const link = new URL(await page.getByLabel("One-time sign-in link").inputValue());
    const viewer = await visitor.openStranger(link.pathname + link.hash);
    await viewer.getByRole("heading", { name: "Overview" }).waitFor();
    await viewer.goto(`${visitor.treadle.url}/settings/exports?project=${visitor.projects.own}`);
    await viewer.getByRole("table", { name: "Files of Archive" }).getByRole("row").nth(1).waitFor();
    for (const name of [/^Download /, "New export", "Pause", "Edit Archive", "Delete Archive"])
      expect(await viewer.getByRole("button", { name }).count()).toBe(0);
  });

  test("it is deleted by its name, with its files", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Delete Archive" }).click();
    const verb = page.getByRole("button", { name: "Delete export and files" });
    expect(await verb.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("Archive");
    await verb.click();
    await page.getByText("Deleted Archive").waitFor();
    await page.getByRole("heading", { name: "No scheduled exports" }).waitFor();
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
