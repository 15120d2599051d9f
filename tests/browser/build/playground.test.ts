import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const run = promisify(execFile);

type Page = Awaited<ReturnType<Visitor["open"]>>;

describe.runIf(hasChromium)("from a connected provider to a trace", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    // A separate server, because local models of other tests would be listed before the provider's.
    visitor = await startVisitor({});
  });
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });

  test("a provider is connected with a key, tested, and the key is never shown again", async () => {
    const page = await visitor.open({ path: "/models/providers" });
    await page.getByRole("button", { name: /Another OpenAI-compatible server/ }).click();
    await page.getByLabel("Name", { exact: true }).fill("Scripted");
    await page.getByLabel("Slug").fill("Not a slug");
    await page.getByLabel("Slug").blur();
    await page.getByText("use lower-case letters, digits and hyphens, at most 40").waitFor();
    await page.getByLabel("Slug").fill("scripted");
    await page.getByLabel("Base URL").fill(provider.baseUrl);
    await page.getByRole("textbox", { name: "Key", exact: true }).fill("sk-secret-of-the-test-1234");
    await page.getByLabel("Models without prefix").fill("echo-1\nerror-429");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("Connected Scripted").waitFor();
    await page.getByText("key …1234").waitFor();
    await page.getByRole("button", { name: "Test" }).click();
    await page.getByRole("status").filter({ hasText: "echo-1" }).waitFor();
    expect(await page.content()).not.toContain("sk-secret");
  });

  test("two models answer the same prompt side by side, one of them by failing in words, and lead to their traces", async () => {
    const page = await visitor.open({ path: "/playground" });
    await page.getByLabel("Message 2, user").fill("Is this <b>inert</b>?");
    await choose(page, 0, "scripted/echo-1");
    await choose(page, 1, "scripted/error-429");
    await page.getByLabel("Message 2, user").press("Control+Enter");
    const good = page.getByRole("region", { name: "scripted/echo-1" });
    await good.getByText("You said: Is this <b>inert</b>?").waitFor();
    await good.getByText("11 → 7").waitFor();
    await page.getByRole("region", { name: "scripted/error-429" }).getByRole("alert").waitFor();

    // The prompt, the columns and the answers survive a reload.
    await page.reload();
    await good.getByText("You said: Is this <b>inert</b>?").waitFor();
    await good.getByRole("link", { name: "Trace" }).click();
    await page.getByText("You said: Is this <b>inert</b>?").waitFor();
    await page.getByRole("button", { name: "Actions for this span" }).click();
    await page.getByRole("menuitem", { name: "Open in playground" }).click();
    await expect.poll(() => page.getByLabel("Message 2, user").inputValue()).toBe("Is this <b>inert</b>?");
    expect(page.url()).not.toContain("request=");
  });

  test("answers to the prompt that a playground begins with are there again after a reload", async () => {
    const page = await visitor.open({ path: "/playground" });
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    const answer = page.getByText(/^You said: What is a treadle/).first();
    // Before the models are listed there is nothing to run.
    await page.getByRole("button", { name: "Column actions" }).first().waitFor();
    await page.getByLabel("Message 2, user").press("Control+Enter");
    await answer.waitFor();
    const isStored = `Object.entries(localStorage).some(([key, text]) => key.endsWith(".runs") && text.includes("You said"))`;
    await page.waitForFunction(isStored);
    await page.reload();
    await answer.waitFor();
  });

  test("a column is shown as code that works as it stands, duplicated and removed", async () => {
    const page = await visitor.open({ path: "/playground" });
    const columns = page.getByRole("button", { name: "Column actions" });
    await columns.first().click();
    await page.getByRole("menuitem", { name: "Show as code" }).click();
    const command = (await page.getByRole("region", { name: "curl" }).textContent()) ?? "";
    const { stdout } = await run("bash", ["-c", command.replace("curl", "curl --silent")], {
      env: { PATH: process.env.PATH, TREADLE_API_KEY: visitor.treadle.apiKey },
    });
    expect(JSON.parse(stdout).choices[0].message.content).toContain("You said:");
    await page.keyboard.press("Escape");
    await columns.first().click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await expect.poll(() => columns.count()).toBe(3);
    await columns.last().click();
    await page.getByRole("menuitem", { name: "Remove column" }).click();
    await expect.poll(() => columns.count()).toBe(2);
  });

  test("playground over rows: prompt versions next to a model on a dataset, compared, saved and shared", async () => {
    const { promptName, datasetName } = await furnishRows(visitor);
    const askedBefore = provider.seen.length;
    const page = await visitor.open({ path: "/playground" });
    await page.getByLabel("Message 2, user").fill("Tell me of {{topic}}");
    await choose(page, 0, "scripted/echo-1");
    await choose(page, 1, "scripted/error-429");
    await page.getByRole("button", { name: "Add stored prompt" }).click();
    await page.getByRole("button", { name: new RegExp(promptName) }).click();
    await page.getByRole("checkbox", { name: "v1", exact: true }).check();
    await page.getByRole("checkbox", { name: "v2", exact: true }).check();
    await page.getByRole("button", { name: "Add 2 columns" }).click();

    await page.getByLabel("Run on").selectOption({ label: datasetName });
    await expect.poll(() => page.getByLabel("topic", { exact: true }).inputValue()).toBe("inputs.topic");
    await page.getByRole("button", { name: /^Run all/ }).click();
    const table = page.getByRole("grid", { name: "Answers" });
    await table.getByText("You said: Tell me of looms").waitFor();
    await table.getByText("You said: First looms").waitFor();
    await table.getByText("You said: Second shuttles").waitFor();
    await table.getByRole("columnheader", { name: "scripted/error-429" }).getByText("3 failed").waitFor();
    const column = table.getByRole("columnheader", { name: `${promptName} v2` });
    await column.getByText(/3 of 3 done · 33 → 21 tokens/).waitFor();
    const used = provider.seen
      .slice(askedBefore)
      .filter(({ body }) => JSON.stringify(body.messages).includes("Second yarn"));
    expect(used).toHaveLength(1);

    // Failed cells can be run again without running the others.
    await page.getByRole("button", { name: "Run remaining (3)" }).waitFor();
    await page.getByLabel("Highlight differences from the first column").check();
    await table.locator("ins").filter({ hasText: "Second" }).first().waitFor();

    // By keyboard: go to the first cell of the last column, open it and add it to a dataset.
    const cell = table.getByRole("gridcell").first();
    await cell.focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    const dialog = page.getByRole("dialog", { name: "Row 1" });
    await dialog.getByRole("button", { name: "Save as a dataset item" }).click();
    await page.getByRole("button", { name: "Add item" }).click();
    await page.getByText("Added to the dataset draft").waitFor();
    await page.keyboard.press("Escape");

    // Messages of a column are saved as a new chat prompt, because the stored prompt is a text.
    const savedName = `${promptName}-asked`;
    await page.getByRole("button", { name: "Column actions" }).first().click();
    await page.getByRole("menuitem", { name: "Save as prompt version…" }).click();
    await page.getByRole("combobox", { name: "Prompt" }).fill(savedName);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(`Saved as version 1 of ${savedName}`).waitFor();

    // The link shows the same page in a browser that has stored nothing.
    await page.getByRole("button", { name: "Share" }).click();
    const link = (await page.getByRole("region", { name: "Link" }).textContent()) ?? "";
    expect(link).not.toContain("sk-secret");
    const other = await visitor.open({ path: link.replace(visitor.treadle.url, "") });
    await other.getByText("Opened the shared playground").waitFor();
    await other.getByRole("columnheader", { name: `${savedName} v1` }).waitFor();
    await other.getByRole("rowheader", { name: /shuttles/ }).waitFor();
    await other.getByRole("gridcell").first().getByText("not run").waitFor();
  });

  test("a tool with a canned result is answered in the column, and JSON is checked against its schema", async () => {
    const page = await visitor.open({ path: "/playground" });
    await choose(page, 0, "scripted/echo-1");
    await page.getByRole("button", { name: "Parameters" }).first().click();
    await page.getByRole("button", { name: "Insert an example" }).click();
    await page.getByLabel("Result of get_weather").fill("sunny, 21 degrees");
    await page.keyboard.press("Escape");
    const column = page.getByRole("region", { name: "scripted/echo-1" });
    await column.getByRole("button", { name: "Run", exact: true }).click();
    await column.getByText("You said: sunny, 21 degrees").waitFor();
    await column.getByText('get_weather({"city":"Paris"})').waitFor();

    await page.getByRole("button", { name: "Parameters" }).first().click();
    await page.getByLabel("Tools").fill("");
    await page.getByLabel("Answer format", { exact: true }).selectOption("json_schema");
    await page.keyboard.press("Escape");
    await column.getByRole("button", { name: "Run", exact: true }).click();
    await column.getByText("✗ answer is missing").waitFor();
  });

  test("an endpoint with a fallback is made, called by its name, and its trace says who stepped in", async () => {
    const page = await visitor.open({ path: "/endpoints" });
    await page.getByRole("button", { name: "New endpoint" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("support");
    await page.getByLabel("Model of variant 1", { exact: true }).fill("scripted/error-500");
    await page.getByRole("button", { name: "Add fallback" }).click();
    await page.getByLabel("Fallback 1", { exact: true }).fill("scripted/echo-1");
    await page.getByRole("button", { name: "Save endpoint" }).click();
    await page.getByText("Saved support. The next request uses it.").waitFor();

    await page.goto(`${visitor.treadle.url}/playground`);
    await choose(page, 0, "support");
    const column = page.getByRole("region", { name: "support" });
    await column.getByRole("button", { name: "Run" }).click();
    await column.getByText("You said:").waitFor();
    await column.getByRole("link", { name: "Trace" }).click();
    await page.getByRole("tab", { name: /Details/ }).click();
    const attempts = page.getByRole("region", { name: "Attempts" });
    await attempts.getByText("rejected with 500").first().waitFor();
    await attempts.getByText("answered").waitFor();
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});

/** Sets the model of a column by typing its name, as a user does who does not find it in the list. */
async function choose(page: Page, column: number, model: string) {
  const choice = page.getByRole("combobox", { name: "Model" }).nth(column);
  await choice.selectOption({ label: "Other model…" });
  await page.getByRole("textbox", { name: "Model" }).fill(model);
  await page.getByRole("textbox", { name: "Model" }).press("Enter");
}

let furnished = 0;

/**
 * Creates a prompt with two versions and a dataset with three rows. A retried test needs new names, because the names of
 * the first try are taken.
 */
async function furnishRows({ treadle }: Visitor) {
  furnished += 1;
  const client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const promptName = `talks/about-${furnished}`;
  const datasetName = `talk-topics-${furnished}`;
  const text = (template: string) => ({ type: "text" as const, template, model: "scripted/echo-1" });
  await client.call("POST /api/v1/prompts", { body: { ...text("First {{topic}}"), name: promptName } });
  await client.call("POST /api/v1/prompts/:name/versions", {
    params: { name: promptName },
    body: text("Second {{topic}}"),
  });
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name: datasetName } });
  const params = { datasetId };
  const items = ["looms", "shuttles", "yarn"].map((topic) => ({ inputs: { topic } }));
  await client.call("POST /api/v1/datasets/:datasetId/items", { params, body: { items } });
  await client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message: "Three" } });
  return { promptName, datasetName };
}
