import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { writePrompts } from "../furnish/write-prompts.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

describe.runIf(hasChromium)("prompts", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
  });
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const client = () => createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
  const expectStatus = (page: Page, text: string | RegExp) =>
    page.getByRole("status").filter({ hasText: text }).waitFor();
  const tab = (page: Page, name: string) => page.getByRole("tab", { name }).click();

  test("a prompt is written with its inputs, tried, and saved as version 1 under production", async () => {
    const page = await visitor.open({ path: "/prompts" });
    await page.getByText("No prompts yet").waitFor();
    await page.getByRole("button", { name: "New prompt" }).click();
    await page.getByLabel("Name", { exact: true }).fill("support/.reply");
    await page.getByText(/use letters, digits, spaces/).waitFor();
    expect(await page.getByRole("button", { name: "Save…" }).isDisabled()).toBe(true);
    await page.getByLabel("Name", { exact: true }).fill("support/reply");
    await page.getByLabel("Message 1, system").fill("You help {{customer}}.\nBe brief.");
    await page.getByRole("button", { name: "Define inputs" }).click();
    const preview = page.getByRole("region", { name: "Preview" });
    await preview.getByText("Fill in customer and question to see the messages the model receives.").waitFor();
    await preview.getByLabel("customer").fill("Ada");
    await preview.getByLabel("question").fill("Where is my <b>loom</b>?");
    await preview.getByText("You help Ada.").waitFor();
    await preview.getByText("Where is my <b>loom</b>?").last().waitFor();
    await page.keyboard.press("Control+s");
    const dialog = page.getByRole("dialog", { name: "Save support/reply" });
    await dialog.getByLabel("Change note").fill("First version");
    await dialog.getByRole("checkbox", { name: "production" }).check();
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "support/reply" }).waitFor();
    expect(await client().call("GET /api/v1/prompts/:name", { params: { name: "support/reply" } })).toMatchObject({
      version: 1,
      message: "First version",
      inputs: { required: ["customer", "question"] },
    });
  });

  test("a change becomes version 2 after its words were seen, and any two versions are compared", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply" });
    await page.getByText("You help {{customer}}.").waitFor();
    // A preview without inputs would be rejected, so the page must not request one.
    const refused: string[] = [];
    page.on("response", (response) => void (response.status() === 400 && refused.push(response.url())));
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await page.getByText("Fill in customer and question to see the messages the model receives.").waitFor();
    await page.waitForTimeout(1_000);
    expect(refused).toEqual([]);
    await page.keyboard.press("e");
    await page.getByLabel("Message 1, system").fill("You help {{customer}} kindly.\nBe brief.");
    await page.getByRole("button", { name: "Save…" }).click();
    const dialog = page.getByRole("dialog", { name: "Save version 2" });
    await dialog.locator("mark").filter({ hasText: "kindly" }).waitFor();
    await dialog.getByLabel("Change note").fill("Kinder");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await expectStatus(page, "Saved version 2");
    await page.getByRole("button", { name: /^Version 2/ }).waitFor();
    await page.keyboard.press("d");
    const field = page.getByRole("region", { name: "messages[0].content" });
    await field.getByText("You help {{customer}} kindly.").waitFor();
    await field.getByText("−1").waitFor();
    await page.getByLabel("To version", { exact: true }).selectOption("1");
    await page.getByText("Same version selected twice").waitFor();
    expect(new URL(page.url()).searchParams.get("tab")).toBe("changes");
  });

  test("a label is moved to a version, rolled back in one click, and both are in its history", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply?tab=labels" });
    await page.getByText("No label changes yet").or(page.getByText("set by")).first().waitFor();
    await page.keyboard.press("l");
    const dialog = page.getByRole("dialog", { name: "Move a label to version 2" });
    await dialog.getByText("production: version 1 → version 2").waitFor();
    await dialog.getByLabel("Reason").fill("It is kinder");
    await dialog.getByRole("button", { name: "Move label" }).click();
    await expectStatus(page, "production points to version 2");
    const labels = page.getByRole("list", { name: "Labels", exact: true });
    await labels.getByText("version 2").waitFor();
    await labels.getByRole("button", { name: "Roll back production" }).click();
    await expectStatus(page, "production points to version 1 again");
    await labels.getByText("version 1").waitFor();
    const history = page.getByRole("list", { name: "Label history" });
    await history.getByText(/rolled back by/).waitFor();
    await history.getByText("It is kinder").waitFor();
    const { version } = await client().call("GET /api/v1/prompts/:name", { params: { name: "support/reply" } });
    expect(version).toBe(1);
  });

  test("a label that another user moved is not overwritten", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply" });
    await page.getByRole("button", { name: /^Version 1/ }).waitFor();
    await client().call("PUT /api/v1/prompts/:name/labels/:label", {
      params: { name: "support/reply", label: "production" },
      body: { version: 2 },
    });
    await page.getByRole("button", { name: /^Version 1/ }).click();
    await page.keyboard.press("l");
    const dialog = page.getByRole("dialog", { name: "Move a label to version 1" });
    await dialog.getByRole("button", { name: "staging", exact: true }).click();
    await dialog.getByRole("button", { name: /^production/ }).click();
    // The page still shows the old place of the label, so the move is rejected with an error.
    const move = dialog.getByRole("button", { name: "Move label" });
    if (await move.isEnabled()) await move.click();
    await dialog.getByText(/already points to this version|was moved by another user/).waitFor();
    const { version } = await client().call("GET /api/v1/prompts/:name", { params: { name: "support/reply" } });
    expect(version).toBe(2);
  });

  test("what is written and not saved is asked about, kept, and discarded when one says so", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply?edit=1" });
    const message = page.getByLabel("Message 1, system");
    await message.fill("Half a thought");
    await page.getByRole("link", { name: "Overview" }).first().click();
    const guard = page.getByRole("dialog", { name: "Leave without saving?" });
    await guard.getByRole("button", { name: "Keep editing" }).click();
    expect(await message.inputValue()).toBe("Half a thought");
    await page.getByRole("link", { name: "Overview" }).first().click();
    await guard.getByRole("button", { name: "Keep draft" }).click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.goto(`${visitor.treadle.url}/prompts/support%2Freply`);
    await page.getByRole("button", { name: "Continue editing" }).click();
    expect(await message.inputValue()).toBe("Half a thought");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("You help {{customer}} kindly.").first().waitFor();
    expect(await page.getByRole("button", { name: "Continue editing" }).count()).toBe(0);
  });

  test("two concurrent authors create two versions, and the second is notified", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply?edit=1" });
    await page.getByLabel("Message 1, system").fill("Mine");
    await client().call("POST /api/v1/prompts/:name/versions", {
      params: { name: "support/reply" },
      body: { type: "chat", messages: [{ role: "system", content: "Theirs" }] },
    });
    await page.getByRole("button", { name: "Save…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.getByText(/Version 3 was added in the meantime/).waitFor();
    await dialog.getByRole("button", { name: "Keep editing" }).click();
    await page.getByText("Version 3 was created after you started from version 2.").waitFor();
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Save…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
    await expectStatus(page, "Saved version 4");
  });

  test("prompts are found by word, folder and tag; used ones show what they cost, and lead on", async () => {
    const headers = { authorization: `Bearer ${visitor.treadle.apiKey}`, "content-type": "application/json" };
    const body = { slug: "scripted", preset: "vllm", name: "Scripted", baseUrl: provider.baseUrl, models: ["echo-1"] };
    await fetch(`${visitor.treadle.url}/api/v1/connections`, { method: "POST", headers, body: JSON.stringify(body) });
    await client().call("DELETE /api/v1/prompts/:name", { params: { name: "support/reply" } });
    await writePrompts(visitor.treadle, "scripted/echo-1");
    const page = await visitor.open({ path: "/prompts" });
    const links = page.getByRole("table", { name: "Prompts" }).getByRole("link");
    await expect.poll(() => links.count()).toBe(6);
    await page.getByLabel("Search prompts").fill("promise a refund");
    await expect.poll(() => links.allTextContents()).toEqual(["support/reply"]);
    await page.getByLabel("Search prompts").fill("");
    await page.getByRole("button", { name: /^mail/ }).click();
    await expect.poll(() => links.allTextContents()).toEqual(["support/mail/subject"]);
    await page.getByRole("button", { name: "All prompts" }).click();
    await page.getByRole("button", { name: /^customer-facing/ }).click();
    await expect.poll(() => links.count()).toBe(1);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "support/reply" }).waitFor();
    await tab(page, "Usage");
    const row = page.getByRole("row").filter({ hasText: "v2" });
    await expect.poll(async () => (await row.count()) > 0, { timeout: 20_000 }).toBe(true);
    await row.getByRole("link", { name: "2", exact: true }).click();
    await page.getByRole("button", { name: /Remove filter promptVersion:2/ }).waitFor();
    await page.goBack();
    await tab(page, "Comments");
    await page.getByLabel("Comment on version 3").fill("Seen, **thanks**");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("list", { name: "Comments" }).getByText("thanks").waitFor();
    await tab(page, "Prompt");
    const preview = page.getByRole("region", { name: "Preview" });
    await preview.getByLabel("customer").fill("Ada");
    await preview.getByLabel("question").fill("Where?");
    await preview.getByText("Be warm, brief and exact.").waitFor();
    await preview.getByRole("button", { name: "Open in playground" }).click();
    await page.getByRole("heading", { level: 1, name: "Playground" }).waitFor();
    await expect.poll(() => page.getByLabel(/^Message 2, user/).inputValue()).toBe("Where?");
  });

  test("a prompt is archived and brought back, and deleted only by its name", async () => {
    const page = await visitor.open({ path: "/prompts/summaries%2Fdaily" });
    const choose = async (item: string) => {
      await page.getByRole("button", { name: "Actions for summaries/daily" }).click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    await choose("Archive");
    await page.getByText("This prompt is archived").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("This prompt is archived").waitFor({ state: "detached" });
    await choose("Delete…");
    const dialog = page.getByRole("dialog", { name: "Delete summaries/daily?" });
    expect(await dialog.getByRole("button", { name: "Delete prompt" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("summaries/daily");
    await dialog.getByRole("button", { name: "Delete prompt" }).click();
    await page.getByRole("heading", { level: 1, name: "Prompts" }).waitFor();
    expect(await page.getByRole("link", { name: "summaries/daily" }).count()).toBe(0);
    await page.goto(`${visitor.treadle.url}/prompts/summaries%2Fdaily`);
    await page.getByText("Prompt not found").waitFor();
  });

  test.each([
    "/prompts",
    "/prompts?new=1",
    "/prompts/support%2Freply",
    "/prompts/support%2Freply?tab=changes",
    "/prompts/support%2Freply?tab=labels",
    "/prompts/support%2Freply?tab=usage",
    "/prompts/support%2Freply?tab=comments",
    "/prompts/support%2Freply?edit=1",
  ])("axe finds nothing serious on %s, and it fits on a phone", async (path) => {
    const page = await visitor.open({ path });
    await page.locator("h1").waitFor();
    await expect.poll(() => page.locator("[aria-busy=true]").count(), { timeout: 15_000 }).toBe(0);
    expect(await seriousIn(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("html[data-theme=dark]").waitFor();
    await expect.poll(() => page.evaluate("document.getAnimations().length")).toBe(0);
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.evaluate(OVER)).toBe(0);
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});

/** JavaScript that returns how many pixels the window or the page content is too wide. */
const OVER = `Math.max(...[document.documentElement, document.querySelector("#content")].map(
  (box) => box.scrollWidth - box.clientWidth))`;
