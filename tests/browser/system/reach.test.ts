import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const PAGES = [
  "/",
  "/traces",
  "/traces?view=spans",
  "/traces?view=generations&filter=status:error+latency>1s",
  "/traces?view=spans&filter=kind:generation+status:error&meaning=the+parcel+never+arrived",
  "/sessions",
  "/users",
  "/explore?by=model,status",
  "/explore/compare?a=model:gpt*&b=model:claude*",
  "/explore/sql",
  "/playground",
  "/prompts",
  "/endpoints",
  "/endpoints?edit=new",
  "/guards",
  "/guards/new?template=exfiltration",
  "/knowledge",
  "/rollouts",
  "/rollouts/new",
  "/shadows",
  "/shadows/new",
  "/ab-tests",
  "/ab-tests/new",
  "/frontier",
  "/replays",
  "/replays/new",
  "/models",
  "/models/providers",
  "/models/prices",
  "/settings",
  "/settings/members",
  "/settings/project",
  "/settings/compute",
  "/settings/forwarding",
  "/settings/privacy",
  "/settings/exports",
  "/settings/audit",
  "/settings/system",
  "/settings/account",
] as const;

describe.runIf(hasChromium)("everybody can use every page", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await startVisitor();
  });
  afterAll(() => visitor?.close());

  /** The path in the project with full pages, with a time range that contains its data. */
  const full = (path: string) => `${path}${path.includes("?") ? "&" : "?"}range=30d&project=${visitor.projects.sample}`;

  test.each(PAGES)("axe finds nothing serious on %s, and it fits on every screen", async (path) => {
    const page = await visitor.open({ height: 560, path: full(path) });
    await expectReach(page);
  });

  test.each(["/sessions", "/users"])(
    "axe finds nothing serious in one of %s, and it fits on every screen",
    async (path) => {
      const page = await visitor.open({ height: 560, path: full(path) });
      await page.getByRole("row").nth(2).click();
      await page.waitForURL(`**${path}/**`);
      await expectReach(page);
      await page.context().close();
    },
  );

  test.each([1440, 390])("axe finds nothing serious in an open trace at %d pixels", async (width) => {
    const page = await visitor.open({ width, height: 560, path: full("/traces") });
    await page.getByRole("row").nth(2).click();
    for (const tab of ["Messages", "Details", "JSON"]) {
      await page.getByRole("tab", { name: tab }).click();
      expect(await seriousIn(page), tab).toEqual([]);
    }
  });

  test("axe finds nothing serious on the sign-in page and in the command palette", async () => {
    const stranger = await visitor.openStranger("/sign-in");
    await stranger.getByLabel("Email").waitFor();
    expect(await seriousIn(stranger)).toEqual([]);
    const page = await visitor.open({ path: "/settings" });
    await settle(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search pages and actions" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
  });

  test("no page breaks, and none asks for what the content security policy refuses", () => {
    expect(visitor.troubles).toEqual([]);
  });
});

type Page = Awaited<ReturnType<Visitor["open"]>>;

/** A busy machine renders slowly. */
const PATIENCE = { timeout: 15_000 };
/** The first semantic search waits for the index. */
const LOADING = { timeout: 60_000 };

/** Checks both themes at the widths of a desktop, a tablet and a phone. */
async function expectReach(page: Page) {
  await settle(page);
  expect(await seriousIn(page), "in light").toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator("html[data-theme=dark]").waitFor();
  await expect.poll(() => page.evaluate("document.getAnimations().length"), PATIENCE).toBe(0);
  expect(await seriousIn(page, ["color-contrast"]), "in dark").toEqual([]);
  for (const width of [1440, 1000, 390]) {
    await page.setViewportSize({ width, height: 844 });
    // A chart is drawn again once its box has its new size.
    await expect.poll(() => page.evaluate(OVER), { ...PATIENCE, message: `pixels too wide at ${width}` }).toBe(0);
  }
}

/** JavaScript that returns how many pixels the window or the page content is too wide. */
const OVER = `Math.max(...[document.documentElement, document.querySelector("#content")].map(
  (box) => box.scrollWidth - box.clientWidth))`;

/** Waits until the page shows its rows instead of placeholders. */
async function settle(page: Page) {
  await page.locator("h1").waitFor();
  await expect.poll(() => page.locator("[aria-busy=true]").count(), LOADING).toBe(0);
}
