import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

/** A job starts immediately, but takes time on a busy machine. */
const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
const TOPICS = ["card arrival", "lost card", "exchange rate", "top up failed"] as const;

/** 40 questions in four classes, with two duplicates and two invalid lines. */
function questions(): string {
  const rows = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({
      question: `Question ${index + 1}: what about my ${TOPICS[index % 4]}, please tell me how it works`,
      label: TOPICS[index % 4]?.replace(" ", "_"),
      tenant: index % 2 === 0 ? "acme" : "globex",
    }),
  );
  return [...rows.slice(0, 10), '{"question": "cut off', rows[3], ...rows.slice(10), "not json at all", rows[7]].join(
    "\n",
  );
}

describe.runIf(hasChromium)("datasets", () => {
  let visitor: Visitor;
  let home = "";
  beforeAll(async () => {
    visitor = await startVisitor();
  });
  afterAll(() => visitor?.close());
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const openPart = (part: string) => open(`${home}${part}`);

  test(
    "a file with errors is previewed, rejected as a whole, and its valid rows are imported on request",
    LONG,
    async () => {
      const page = await open("/datasets");
      await page.getByRole("heading", { name: "No datasets yet" }).waitFor();
      await page.getByRole("button", { name: /^From a file/ }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("banking questions");
      await page.getByRole("button", { name: "Choose file" }).click();
      await page.getByText("Drop a file here").waitFor();
      home = new URL(page.url()).pathname.replace(/\/import$/, "");

      await page
        .getByLabel("File", { exact: true })
        .setInputFiles({ name: "questions.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(questions()) });
      await page.getByRole("heading", { name: "2 rows with errors" }).waitFor(WORK);
      const errors = page.getByRole("table", { name: "Errors by line" });
      await errors.getByText("line 11").waitFor();
      await page.getByLabel("Field of label").selectOption("expected");
      await page.getByLabel("Field of tenant").selectOption("metadata");
      const becomes = page.getByRole("table", { name: "Item preview" });
      await becomes.getByRole("cell", { name: "card_arrival" }).first().waitFor();
      const start = page.getByRole("button", { name: /^Import \d+ rows$/ });
      expect(await start.isDisabled()).toBe(true);
      await page.getByText("The file has errors, so it is not imported").waitFor();
      await page.getByLabel("Skip rows with errors").check();
      await start.click();
      await page.getByRole("heading", { name: "42 items in the draft" }).waitFor(WORK);
      await page.getByText("These rows were skipped. All other rows were imported.").waitFor();
      await page.getByRole("link", { name: "View items" }).click();
      await page.getByRole("grid", { name: "Items" }).waitFor();
      await page.getByText("42 items", { exact: true }).waitFor();
    },
  );

  test("a draft is committed with a message, and says so in the list", LONG, async () => {
    const page = await openPart("");
    await commit(page, "The questions as they came");
    await page.getByRole("link", { name: "Datasets", exact: true }).first().click();
    const row = page.getByRole("row").filter({ hasText: "banking questions" });
    await row.getByText("42", { exact: true }).waitFor();
  });

  test("a file is put over what is there, row by row", LONG, async () => {
    const page = await openPart("/import");
    const text = [questions().split("\n")[0], '{"question": "One more?", "label": "card_arrival"}'].join("\n");
    await page
      .getByLabel("File", { exact: true })
      .setInputFiles({ name: "again.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) });
    await page.getByLabel("Field of label").selectOption("expected");
    await page.getByLabel("Field of tenant").selectOption("metadata");
    await page.getByRole("button", { name: "Add or replace by id" }).click();
    await page.getByText("Rows with an existing id replace that item").waitFor();
    await page.getByRole("button", { name: "Import 2 rows" }).click();
    await page.getByRole("heading", { name: "1 item added, 1 replaced" }).waitFor(WORK);
    await page.getByRole("button", { name: /^Undo/ }).first().click();
    await page.getByRole("link", { name: "View items" }).click();
    await page.getByText("42 items", { exact: true }).waitFor(WORK);
  });

  test("items are filtered, sorted, browsed by keyboard and edited, and a change is undone", LONG, async () => {
    const page = await openPart("");
    const grid = page.getByRole("grid", { name: "Items" });
    await grid.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("/");
    await page.getByLabel("Filter items").fill("metadata.tenant:acme");
    await page.keyboard.press("Enter");
    await page.getByText(/^2\d of 42 items$/).waitFor(WORK);
    await page.getByLabel("Filter items").fill("metadata.tenant:");
    await page.keyboard.press("Enter");
    await page.getByRole("search").getByRole("status").waitFor();
    await page.getByRole("button", { name: "Clear filter" }).click();
    await page.getByText("42 items", { exact: true }).waitFor();

    await page.locator("body").click({ position: { x: 600, y: 5 } });
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const sheet = page.getByRole("complementary", { name: "Open item" });
    await sheet.getByRole("heading", { name: "Item 1", exact: true }).waitFor();
    await page.keyboard.press("j");
    await sheet.getByRole("heading", { name: "Item 2", exact: true }).waitFor();
    await page.keyboard.press("e");
    const question = sheet.getByLabel("question", { exact: true });
    await question.fill("Where is my lost card?");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Saved in the draft").waitFor();
    await sheet.getByText("Where is my lost card?").waitFor();
    await grid.getByText("Where is my lost card?").waitFor();
    const draft = page.getByRole("region", { name: "Draft" });
    await draft.getByRole("button", { name: /^Undo/ }).click();
    await sheet.getByText(/^Question 2: what about/).waitFor();
    await draft.getByRole("button", { name: /^Redo/ }).click();
    await sheet.getByText("Where is my lost card?").waitFor();
    await sheet.getByRole("tab", { name: "History" }).click();
    await sheet.getByText("added", { exact: true }).waitFor();
  });

  test("many items are changed at once, and the change is one step", LONG, async () => {
    const page = await openPart("?filter=metadata.tenant:acme");
    await page.getByText(/^2\d of 42 items$/).waitFor(WORK);
    await page.getByLabel("Select all loaded rows").check();
    const bar = page.getByRole("region", { name: "Selection" });
    await bar.getByRole("button", { name: "Set split…" }).click();
    await page.getByRole("dialog").getByRole("combobox", { name: "Split" }).fill("test");
    await page.getByRole("button", { name: /^Apply to/ }).click();
    await page.getByText(/^Changed 2\d items$/).waitFor(WORK);
    await commit(page, "One label mended, a split for tests");
  });

  test("a step of curation shows what it would remove and why, and is then made", LONG, async () => {
    const page = await openPart("/curate");
    await page.getByRole("heading", { name: "Choose a step" }).waitFor();
    await page.getByLabel("Search steps").fill("exact dup");
    await page.keyboard.press("Enter");
    const pane = page.getByRole("region", { name: /^Exact/ });
    await pane.getByText("All 42 items of the draft").waitFor(WORK);
    await pane.getByRole("heading", { name: "Examples" }).waitFor();
    expect(await pane.getByText("Removed").count()).toBeGreaterThanOrEqual(1);
    await page.getByRole("button", { name: /^Apply 1 step to 42 items/ }).click();
    await page.getByText("Pipeline applied").waitFor(WORK);
    const draft = page.getByRole("region", { name: "Draft" });
    await draft.getByRole("button", { name: /^Draft steps/ }).click();
    await page
      .getByRole("dialog")
      .getByText(/removed/)
      .first()
      .waitFor();
  });

  test("the draft is compared with what it starts from, item by item", LONG, async () => {
    const page = await openPart("/diff");
    await page.getByRole("button", { name: /^Removed \d/ }).click();
    const differences = page.getByRole("list", { name: "Differences" });
    await differences.getByText("Removed").first().waitFor();
    await commit(page, "Without duplicates");
    await page.goto(`${visitor.treadle.url}${home}/diff?from=1&to=2&project=${visitor.projects.own}`);
    await page.getByRole("button", { name: /^Changed 2\d/ }).click();
    await page.getByRole("list", { name: "Differences" }).getByText("split", { exact: true }).first().waitFor();
  });

  test("an older version is tagged and brought back as a step of the draft", LONG, async () => {
    const page = await openPart("/versions");
    await page.getByRole("button", { name: /The questions as they came/ }).click();
    const sheet = page.getByRole("complementary", { name: "Open version" });
    await sheet.getByRole("button", { name: "Tag", exact: true }).click();
    await sheet.getByLabel("Tag name").fill("golden");
    await page.keyboard.press("Enter");
    await sheet.getByRole("button", { name: "Remove tag golden" }).waitFor();
    await sheet.getByRole("button", { name: "Restore" }).click();
    await page.getByText("Restored version 1 in the draft").waitFor(WORK);
    await page.goto(`${visitor.treadle.url}${home}/diff?from=1&to=draft&project=${visitor.projects.own}`);
    await page.getByRole("heading", { name: "No differences" }).waitFor();
    const draft = page.getByRole("region", { name: "Draft" });
    await draft.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
    await draft.waitFor({ state: "detached" });
  });

  test("a branch is made, reviewed and merged", LONG, async () => {
    const page = await openPart("");
    await page.getByRole("button", { name: "Branch: main" }).click();
    await page.getByRole("menuitem", { name: "New branch…" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("more-questions");
    await page.getByRole("button", { name: "Create branch" }).click();
    await page.getByRole("button", { name: "Branch: more-questions" }).waitFor();
    await page.getByRole("grid", { name: "Items" }).getByRole("row").nth(1).waitFor();
    await page.keyboard.press("n");
    const dialog = page.getByRole("dialog", { name: "New item" });
    await dialog.getByLabel("question", { exact: true }).fill("Can I have a second card?");
    await dialog.getByLabel("expected", { exact: true }).fill("second_card");
    await dialog.getByRole("button", { name: "Add item" }).click();
    await page.getByText("Added to the draft").waitFor();
    await commit(page, "One more question");
    await page.getByRole("link", { name: "Branches" }).click();
    await page.getByRole("button", { name: "Review and merge" }).click();
    await page.getByRole("list", { name: "Differences" }).getByText("Can I have a second card?").waitFor();
    expect(await page.getByRole("button", { name: /^Approve version/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Approve own changes…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await page.getByRole("button", { name: "Merge into main" }).click();
    await page.getByText(/^Merged as version/).waitFor(WORK);
  });

  test("a report is made, and downloaded as JSON and Markdown", LONG, async () => {
    const page = await openPart("/report");
    await page.getByRole("button", { name: /^Create report/ }).click();
    await page.getByRole("heading", { name: "Label balance" }).waitFor(WORK);
    const json = page.waitForEvent("download");
    await page.getByRole("button", { name: "JSON" }).click();
    const report = JSON.parse(await readFile(await (await json).path(), "utf8"));
    expect(report).toMatchObject({ name: "banking questions", duplicates: { exactRows: 0 } });
    const markdown = page.waitForEvent("download");
    await page.getByRole("button", { name: "Markdown" }).click();
    expect(await readFile(await (await markdown).path(), "utf8")).toContain("# ");
  });

  test("items are laid out by their meaning, and a cluster of them is selected", LONG, async () => {
    const page = await openPart("/map");
    await page.getByRole("button", { name: "Create map" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Create map" }).click();
    await page.getByRole("img", { name: /^Map of \d+ items/ }).waitFor({ timeout: 120_000 });
    await page.getByRole("region", { name: "Clusters" }).getByRole("button").first().click();
    await page
      .getByRole("region", { name: "Selection" })
      .getByText(/^\d+ items? selected$/)
      .waitFor();
    await page.getByRole("region", { name: "Selected items" }).getByRole("button").first().click();
    await page.getByRole("complementary", { name: "Open item" }).getByRole("tab", { name: "Item" }).waitFor();
  });

  test("a version is exported in another shape", LONG, async () => {
    const page = await openPart("");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByLabel("Row format").selectOption("table");
    await page.getByLabel("File format").selectOption("csv");
    const coming = page.waitForEvent("download", WORK);
    await page.getByRole("dialog").getByRole("button", { name: "Export", exact: true }).click();
    const rows = (await readFile(await (await coming).path(), "utf8")).trim().split("\n");
    expect(rows.length).toBeGreaterThan(30);
    expect(rows[0]).toContain("question");
  });

  test("spans become items from where they are listed", LONG, async () => {
    await recordSpan(visitor.treadle, {
      name: "answer",
      kind: "generation",
      startTime: new Date().toISOString(),
      input: [{ role: "user", parts: [{ type: "text", content: "Where is my refund?" }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "On its way." }] }],
    });
    const page = await open("/traces?view=spans&range=24h");
    await page.getByRole("row").filter({ hasText: "answer" }).first().hover();
    await page.getByLabel("Select this row").first().click({ force: true });
    await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Add to dataset" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Where is my refund?").waitFor(WORK);
    await dialog.getByRole("button", { name: "Add 1 item" }).click();
    await page.getByText("Added 1 item to the draft").waitFor(WORK);
  });

  test.each(["", "/map", "/curate", "/versions", "/diff", "/branches", "/report", "/settings", "/import"])(
    "axe finds nothing serious on the part %s, and it fits on a phone",
    async (part) => {
      const page = await openPart(part);
      await page.locator("h1").waitFor();
      await expect.poll(() => page.locator("[aria-busy=true]").count(), { timeout: 15_000 }).toBe(0);
      expect(await seriousIn(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      await expect.poll(() => page.evaluate(over), { timeout: 15_000 }).toBe(0);
      await page.context().close();
    },
  );

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });

  test("a built-in set of attacks is a dataset after one form, with its items in the first version", LONG, async () => {
    const page = await open("/datasets?new=set");
    await page.getByText(/\d+ attacks in \d+ categories/).waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("red team");
    await page.getByRole("button", { name: "Create dataset" }).click();
    await page.getByRole("heading", { name: "red team" }).waitFor();
    await page.getByRole("grid", { name: "Items" }).waitFor();
    await page.getByText("195 items", { exact: true }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
  });
});

async function commit(page: Page, message: string) {
  await page.getByRole("region", { name: "Draft" }).getByRole("button", { name: "Commit…" }).click();
  await page.getByLabel("Message").fill(message);
  await page.getByRole("dialog").getByRole("button", { name: "Commit", exact: true }).click();
  await page.getByText(/^Committed version \d+$/).waitFor(WORK);
}
