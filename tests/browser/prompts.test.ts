import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../setup/scripted-provider.ts";
import { hasChromium } from "./chromium.ts";
import { seriousIn } from "./serious-in.ts";
import { startVisitor, type Visitor } from "./visitor.ts";
import { writePrompts } from "./write-prompts.ts";

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
  const says = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();
  const tab = (page: Page, name: string) => page.getByRole("tab", { name }).click();

  test("a prompt is written with its inputs, tried, and saved as version 1 under production", async () => {
    const page = await visitor.open({ path: "/prompts" });
    await page.getByText("No prompt yet").waitFor();
    await page.getByRole("button", { name: "New prompt" }).click();
    await page.getByLabel("Name", { exact: true }).fill("support/.reply");
    await page.getByText(/use letters, digits, spaces/).waitFor();
    expect(await page.getByRole("button", { name: "Save…" }).isDisabled()).toBe(true);
    await page.getByLabel("Name", { exact: true }).fill("support/reply");
    await page.getByLabel("Message 1, system").fill("You help {{customer}}.\nBe brief.");
    await page.getByRole("button", { name: "Say what it takes" }).click();
    const preview = page.getByRole("region", { name: "Preview" });
    await preview.getByText("Fill in customer and question to see what a model is sent.").waitFor();
    await preview.getByLabel("customer").fill("Ada");
    await preview.getByLabel("question").fill("Where is my <b>loom</b>?");
    await preview.getByText("You help Ada.").waitFor();
    await preview.getByText("Where is my <b>loom</b>?").last().waitFor();
    await page.keyboard.press("Control+s");
    const dialog = page.getByRole("dialog", { name: "Save support/reply" });
    await dialog.getByLabel("What was changed and why").fill("First version");
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
    await page.keyboard.press("e");
    await page.getByLabel("Message 1, system").fill("You help {{customer}} kindly.\nBe brief.");
    await page.getByRole("button", { name: "Save…" }).click();
    const dialog = page.getByRole("dialog", { name: "Save version 2" });
    await dialog.locator("mark").filter({ hasText: "kindly" }).waitFor();
    await dialog.getByLabel("What was changed and why").fill("Kinder");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await says(page, "Version 2 is saved");
    await page.getByRole("button", { name: /^Version 2/ }).waitFor();
    await page.keyboard.press("d");
    const field = page.getByRole("region", { name: "messages[0].content" });
    await field.getByText("You help {{customer}} kindly.").waitFor();
    await field.getByText("−1").waitFor();
    await page.getByLabel("To version", { exact: true }).selectOption("1");
    await page.getByText("That is one version").waitFor();
    expect(new URL(page.url()).searchParams.get("tab")).toBe("changes");
  });

  test("a label is moved to a version, rolled back in one click, and both are in its history", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply?tab=labels" });
    await page.getByText("No label was moved yet").or(page.getByText("set by")).first().waitFor();
    await page.keyboard.press("l");
    const dialog = page.getByRole("dialog", { name: "Move a label to version 2" });
    await dialog.getByText("production: version 1 → version 2").waitFor();
    await dialog.getByLabel("Why").fill("It is kinder");
    await dialog.getByRole("button", { name: "Move the label" }).click();
    await says(page, "production names version 2");
    const labels = page.getByRole("list", { name: "Labels", exact: true });
    await labels.getByText("version 2").waitFor();
    await labels.getByRole("button", { name: "Roll back production" }).click();
    await says(page, "production names version 1 again");
    await labels.getByText("version 1").waitFor();
    const history = page.getByRole("list", { name: "History of labels" });
    await history.getByText(/rolled back by/).waitFor();
    await history.getByText("It is kinder").waitFor();
    const { version } = await client().call("GET /api/v1/prompts/:name", { params: { name: "support/reply" } });
    expect(version).toBe(1);
  });

  test("a label that somebody moved meanwhile is not moved over their head", async () => {
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
    // The page still shows where the label was, so the move says so and is refused.
    const move = dialog.getByRole("button", { name: "Move the label" });
    if (await move.isEnabled()) await move.click();
    await dialog.getByText(/names this version already|Somebody moved the label/).waitFor();
    const { version } = await client().call("GET /api/v1/prompts/:name", { params: { name: "support/reply" } });
    expect(version).toBe(2);
  });

  test("what is written and not saved is asked about, kept, and discarded when one says so", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply?edit=1" });
    const message = page.getByLabel("Message 1, system");
    await message.fill("Half a thought");
    await page.getByRole("link", { name: "Overview" }).first().click();
    const guard = page.getByRole("dialog", { name: "Leave without saving?" });
    await guard.getByRole("button", { name: "Go on writing" }).click();
    expect(await message.inputValue()).toBe("Half a thought");
    await page.getByRole("link", { name: "Overview" }).first().click();
    await guard.getByRole("button", { name: "Leave, keep it" }).click();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.goto(`${visitor.treadle.url}/prompts/support%2Freply`);
    await page.getByRole("button", { name: "Go on with it" }).click();
    expect(await message.inputValue()).toBe("Half a thought");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("You help {{customer}} kindly.").first().waitFor();
    expect(await page.getByRole("button", { name: "Go on with it" }).count()).toBe(0);
  });

  test("two people who write at once make two versions, and the second is told", async () => {
    const page = await visitor.open({ path: "/prompts/support%2Freply?edit=1" });
    await page.getByLabel("Message 1, system").fill("Mine");
    await client().call("POST /api/v1/prompts/:name/versions", {
      params: { name: "support/reply" },
      body: { type: "chat", messages: [{ role: "system", content: "Theirs" }] },
    });
    await page.getByRole("button", { name: "Save…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.getByText(/Somebody added version 3 meanwhile/).waitFor();
    await dialog.getByRole("button", { name: "Go on writing" }).click();
    await page.getByText("Version 3 was made since you began with version 2.").waitFor();
    await page.getByRole("button", { name: "Save mine after it" }).click();
    await page.getByRole("button", { name: "Save…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
    await says(page, "Version 4 is saved");
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
    await page.getByRole("button", { name: /Remove the filter promptVersion:2/ }).waitFor();
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
    await preview.getByRole("button", { name: "Try it" }).click();
    await page.getByRole("heading", { level: 1, name: "Playground" }).waitFor();
    await expect.poll(() => page.getByLabel(/^Message 2, user/).inputValue()).toBe("Where?");
  });

  test("a prompt is archived and brought back, and deleted only by its name", async () => {
    const page = await visitor.open({ path: "/prompts/summaries%2Fdaily" });
    const choose = async (item: string) => {
      await page.getByRole("button", { name: "More for summaries/daily" }).click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    await choose("Archive");
    await page.getByText("This prompt is archived").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("This prompt is archived").waitFor({ state: "detached" });
    await choose("Delete…");
    const dialog = page.getByRole("dialog", { name: "Delete summaries/daily?" });
    expect(await dialog.getByRole("button", { name: "Delete the prompt" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("summaries/daily");
    await dialog.getByRole("button", { name: "Delete the prompt" }).click();
    await page.getByRole("heading", { level: 1, name: "Prompts" }).waitFor();
    expect(await page.getByRole("link", { name: "summaries/daily" }).count()).toBe(0);
    await page.goto(`${visitor.treadle.url}/prompts/summaries%2Fdaily`);
    await page.getByText("There is no such prompt").waitFor();
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
    await page.context().close();
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});

/** How far the window, or the page in it, would have to be scrolled to the side. */
const OVER = `Math.max(...[document.documentElement, document.querySelector("#content")].map(
  (box) => box.scrollWidth - box.clientWidth))`;
