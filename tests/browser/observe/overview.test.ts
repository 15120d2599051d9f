import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { brush } from "../visitor/drag.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

/** How long a busy machine may take to answer. */
const SOON = { timeout: 15_000 };
/** JavaScript that swipes from left to right over the first chart. */
const SWIPE = `for (const [type, part] of [["pointerdown", 0.3], ["pointermove", 0.7], ["pointerup", 0.7]]) {
  const plot = document.querySelector(".u-over");
  const { left, width } = plot.getBoundingClientRect();
  plot.dispatchEvent(new PointerEvent(type, { pointerType: "touch", clientX: left + width * part }));
}`;

describe.runIf(hasChromium)("the overview", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    // A separate server, because this is about the first project and its only owner.
    visitor = await startVisitor({});
  });
  afterAll(() => visitor?.close());
  const sample = (path: string) =>
    `${path}${path.includes("?") ? "&" : "?"}range=7d&project=${visitor.projects.sample}`;
  const searchOf = (page: Page) => new URL(page.url()).searchParams;
  const card = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });

  test("a drag over a chart of the overview narrows the time for all of them, and the way back undoes it", async () => {
    const page = await visitor.open({ path: sample("/") });
    const before = await numberOf(page, "Model calls");
    for (const title of ["Traffic", "Call latency"]) {
      await brush(page, card(page, title).locator(".u-over"), [0.6, 0.9]);
      await expect.poll(() => searchOf(page).get("from")).not.toBeNull();
      expect(searchOf(page).get("range")).toBeNull();
      await expect.poll(() => numberOf(page, "Model calls"), SOON).toBeLessThan(before);
      await page.goBack();
      await expect.poll(() => searchOf(page).get("range")).toBe("7d");
      await expect.poll(() => numberOf(page, "Model calls"), SOON).toBeGreaterThanOrEqual(before);
    }
  });

  test("a finger that moves sideways narrows the time, too", async () => {
    const page = await visitor.open({ width: 390, height: 844, path: sample("/") });
    await card(page, "Traffic").locator(".u-over").waitFor();
    await page.evaluate(SWIPE);
    await expect.poll(() => searchOf(page).get("from")).not.toBeNull();
  });

  test("the overview compares with the previous period, and shows costs by user and model", async () => {
    const page = await visitor.open({ path: `/?range=24h&project=${visitor.projects.sample}` });
    await page.getByRole("button", { name: "Compare" }).click();
    await card(page, "Cost").getByText("previous period").waitFor();
    await card(page, "Cost").hover();
    await card(page, "Cost").getByRole("button", { name: "Show Cost as a table" }).click();
    await card(page, "Cost").getByRole("columnheader", { name: "US dollars, previous" }).waitFor();
    await page.getByRole("tab", { name: "User" }).click();
    const users = page.getByRole("table", { name: "By user" });
    const first = users.getByRole("link", { name: /^customer-/ }).first();
    const user = await first.textContent();
    await page.reload();
    await first.click();
    await page.getByRole("button", { name: `Remove filter user:${user}` }).waitFor();
    expect(searchOf(page).get("view")).toBe("spans");
    await page.goBack();
    for (const tab of ["Tag", "Endpoint", "Prompt", "Model"] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await page
        .getByRole("table", { name: `By ${tab.toLowerCase()}` })
        .getByRole("row")
        .nth(1)
        .waitFor();
    }
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});

/** The number on a tile. */
async function numberOf(page: Page, label: string): Promise<number> {
  const tile = page.getByRole("link", { name: new RegExp(`^${label}`) });
  const text = await tile.locator(".num").first().textContent();
  return Number(text?.replaceAll(",", ""));
}
