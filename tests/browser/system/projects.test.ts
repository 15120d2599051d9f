import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SHOTS, shootPage } from "../shots/shoot-page.ts";
import type { Page } from "../shots/shot.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

describe.runIf(hasChromium)("projects", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    // A separate server, because this is about the first project and its only owner.
    visitor = await startVisitor({});
  });
  afterAll(() => visitor?.close());

  const switcher = (page: Page) => page.getByRole("button", { name: /^Project: / });
  const choose = async (page: Page, name: string) => {
    await switcher(page).click();
    await page.getByRole("menuitemcheckbox", { name }).click();
    await page.getByRole("button", { name: `Project: ${name}` }).waitFor();
  };
  async function create(page: Page, name: string) {
    await switcher(page).click();
    await page.getByRole("menuitem", { name: "New project" }).click();
    await page.getByLabel("Name").fill(name);
    await page.getByRole("button", { name: "Create project" }).click();
    await page.getByRole("button", { name: `Project: ${name}` }).waitFor();
    return new URL(page.url()).searchParams.get("project") ?? "";
  }

  test("a project is created in the switcher, opened, left and renamed", async () => {
    const page = await visitor.open();
    const projectId = await create(page, "Web shop");
    expect(projectId).toMatch(/^project_/);
    await choose(page, "My project");
    expect(new URL(page.url()).searchParams.get("project")).toBe(visitor.projects.own);
    await choose(page, "Web shop");
    await page.goto(`${visitor.treadle.url}/settings/project?project=${projectId}`);
    await page.getByRole("textbox", { name: "Name" }).fill("Shop");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("button", { name: "Project: Shop" }).waitFor();
  });

  test("an archived project says so on every page, offers no change, and works again when it is restored", async () => {
    const page = await visitor.open();
    const projectId = await create(page, "Old");
    await page.goto(`${visitor.treadle.url}/settings/project?project=${projectId}`);
    await shoot("project-active", projectId);
    await page.getByRole("button", { name: "Archive project…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Archive project" }).click();
    await page.getByText("Old is archived.").waitFor();
    await shoot("project-archived", projectId);
    await page.getByRole("link", { name: "API keys" }).click();
    expect(await page.getByRole("button", { name: "New API key" }).count()).toBe(0);
    await page.getByRole("link", { name: "Restore it" }).click();
    await page.getByRole("button", { name: "Restore project" }).click();
    await page.getByText("Old is archived.").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Archive project…" }).waitFor();
  });

  test("a project is deleted by its name, and can be restored from its page", async () => {
    const page = await visitor.open();
    const projectId = await create(page, "Mistake");
    await page.goto(`${visitor.treadle.url}/settings/project?project=${projectId}`);
    await page.getByRole("button", { name: "Delete project…" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete project" });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("Mistake");
    await confirm.click();
    await page.getByText("Deleted Mistake").waitFor();
    await page.getByRole("button", { name: "Project: My project" }).waitFor();
    await choose(page, "Mistake");
    await page.getByRole("heading", { name: "Mistake is deleted" }).waitFor();
    await shoot("project-deleted", projectId);
    await shootSwitcher();
    await page.getByRole("button", { name: "Restore project" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });

  test("the first project can be renamed, and says why it can be neither archived nor deleted", async () => {
    const page = await visitor.open({ path: `/settings/project?project=${visitor.projects.own}` });
    await page.getByText("This is the server's first project").waitFor();
    expect(await page.getByRole("button", { name: /Archive|Delete/ }).count()).toBe(0);
    await shoot("project-first", visitor.projects.own);
    expect(visitor.troubles).toEqual([]);
  });

  const shoot = (name: string, projectId: string) =>
    shootPage({ ...visitor, projects: { ...visitor.projects, own: projectId } }, name, "/settings/project");

  /** Takes screenshots of the open menu and of the dialog for a new project. */
  async function shootSwitcher() {
    if (!SHOTS) return;
    for (const width of [1440, 390])
      for (const theme of ["light", "dark"] as const) {
        const page = await visitor.open({ width, theme });
        if (width < 600) await page.getByRole("button", { name: "Open navigation" }).click();
        await switcher(page).click();
        await page.waitForTimeout(400);
        await page.screenshot({ path: `${SHOTS}/switcher-${width}-${theme}.png` });
        await page.getByRole("menuitem", { name: "New project" }).click();
        await page.waitForTimeout(400);
        await page.screenshot({ path: `${SHOTS}/new-project-${width}-${theme}.png` });
        await page.context().close();
      }
  }
});
