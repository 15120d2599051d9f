import { type Client, createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePdf } from "../furnish/make-pdf.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 120_000 };
const LONG = { timeout: 400_000 };

const file = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const REFUNDS = file(
  "refunds.md",
  "# Refunds\n\nA refund takes five working days after the parcel has arrived.\n\n## Gift cards\n\nGift cards cannot be refunded.\n",
);
const SHIPPING = file(
  "shipping.html",
  "<!doctype html><title>Shipping</title><h1>Shipping</h1><p>Parcels leave the warehouse in Rotterdam every evening.</p>",
);
const PRICES = file("prices.csv", "product,price\ndesk lamp,49\nwall clock,31\n");
const FILES = [REFUNDS, SHIPPING, PRICES];

describe.runIf(hasChromium)("knowledge bases", () => {
  let visitor: Visitor;
  let call: Client["call"];
  beforeAll(async () => {
    visitor = await startVisitor();
    ({ call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey }));
  }, LONG.timeout);
  afterAll(() => visitor?.close());
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");
  const baseIn = (page: Page) => new URL(page.url()).pathname.split("/")[2] ?? "";
  const read = (knowledgeBaseId: string) =>
    call("GET /api/v1/knowledge/:knowledgeBaseId", { params: { knowledgeBaseId } });
  const tab = (page: Page, name: string) =>
    page.getByRole("navigation", { name: "Knowledge base" }).getByRole("link", { name }).click();
  const row = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });

  test("files are uploaded, indexed, searched and opened, and an older version goes live", LONG, async () => {
    const page = await open("/knowledge");
    await page.getByText("No knowledge bases yet").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "New knowledge base" }).click();
    await page.getByLabel("Name").fill("Shop handbook");
    await page.getByText("Advanced", { exact: true }).click();
    await page.getByLabel("Chunk size (tokens)").fill("64");
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Create knowledge base" }).click();
    await page.getByText("No documents yet").waitFor(WORK);

    const knowledgeBaseId = baseIn(page);
    await page.getByLabel("Files").setInputFiles([...FILES, file("nothing.md", "")]);
    const uploads = page.getByRole("region", { name: "Uploads" });
    await uploads.getByText("3 of 4 uploaded, 1 failed").waitFor(WORK);
    await uploads.getByText("The file is empty.").waitFor(WORK);
    await uploads.getByRole("button", { name: "Close" }).click();
    for (const { name } of FILES) await row(page, name).getByText("● indexed").waitFor(WORK);
    expect((await read(knowledgeBaseId)).indexing.chunkTokens).toBe(64);
    expect(await seriousIn(page)).toEqual([]);

    await tab(page, "Search");
    await page.getByLabel("Query").fill("How long does a refund take?");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    const byWords = page.getByRole("region", { name: "By words" });
    const joined = page.getByRole("region", { name: "Joined" });
    await joined
      .getByText(/rank 1/)
      .first()
      .waitFor(WORK);
    await page.getByRole("region", { name: "By meaning" }).getByRole("listitem").first().waitFor(WORK);
    await byWords.getByText(/^Why:/).first().click();
    await byWords.getByRole("cell", { name: "refund", exact: true }).first().waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await joined
      .getByRole("link", { name: /Refunds|refunds/ })
      .first()
      .click();
    const chunk = page.getByRole("region", { name: /^Chunk / }).filter({ hasText: "five working days" });
    await chunk.getByRole("button", { pressed: true }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);

    // Smaller chunks are tried on the document, without a new version.
    await page.getByRole("button", { name: "Preview other chunks" }).click();
    await page.getByLabel("Chunk size (tokens)").fill("32");
    const trial = page.getByRole("region", { name: "Chunk preview" });
    await trial.getByText(/Preview: \d+ chunks?.* Version 1: \d+ chunk/).waitFor(WORK);
    await page.getByRole("region", { name: "Chunk 2" }).getByRole("button").click();
    await page.getByRole("button", { name: /^Chunk 2/, pressed: true }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await trial.getByRole("button", { name: "Close preview" }).click();
    await page.getByRole("button", { name: "Preview other chunks" }).waitFor(WORK);
    expect(await page.getByText("the chunk of the link").count()).toBe(0);

    // A changed file makes the next version, which goes live by itself.
    const first = (await read(knowledgeBaseId)).liveVersion ?? 0;
    await page.getByRole("link", { name: "Shop handbook" }).click();
    await page.getByLabel("Files").setInputFiles([file("refunds.md", "# Refunds\n\nA refund takes nine days.\n")]);
    await expect.poll(async () => (await read(knowledgeBaseId)).liveVersion, WORK).toBeGreaterThan(first);
    await tab(page, "Versions");
    await page.getByRole("button", { name: `Roll back to version ${first}` }).click(WORK);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("list", { name: "Documents that differ" }).getByText("changed").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Roll back" }).click();
    await row(page, `^Version ${first} live`).waitFor(WORK);
    expect((await read(knowledgeBaseId)).liveVersion).toBe(first);

    const narrow = await open(`/knowledge/${knowledgeBaseId}/search?q=warehouse`, 390);
    await narrow.getByRole("tab", { name: "By words" }).click(WORK);
    await narrow
      .getByRole("link", { name: /[Ss]hipping/ })
      .first()
      .waitFor(WORK);
    expect(await fits(narrow)).toBe(true);
    expect(await seriousIn(narrow)).toEqual([]);
    expect(visitor.troubles).toEqual([]);
  });

  test("a PDF shows its pages with the lines of a chunk, under the content security policy", LONG, async () => {
    const { knowledgeBaseId } = await call("POST /api/v1/knowledge", { body: { name: "Manuals" } });
    const pages = [
      ["Desk lamp manual", "Turn the lamp on with the switch at its foot."],
      ["Cleaning", "Clean the lamp with a dry cloth."],
    ];
    const { documentId } = await call("POST /api/v1/knowledge/:knowledgeBaseId/documents", {
      params: { knowledgeBaseId },
      query: { name: "lamp.pdf" },
      bytes: new Uint8Array(makePdf(pages)),
    });
    const page = await open(`/knowledge/${knowledgeBaseId}/documents/${documentId}`);
    await page.getByText("● indexed").waitFor(WORK);
    await page.getByRole("img", { name: "Page 1 of 2" }).waitFor(WORK);
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByRole("img", { name: "Page 2 of 2" }).waitFor(WORK);
    const chunk = page.getByRole("region", { name: /^Chunk / }).filter({ hasText: "switch" });
    await chunk.getByRole("button").click();
    await page.getByRole("img", { name: "Page 1 of 2" }).waitFor(WORK);
    const marks = page.locator("[data-mark=line]");
    await expect.poll(() => marks.count(), WORK).toBeGreaterThan(0);
    expect(await seriousIn(page)).toEqual([]);
    expect(visitor.troubles).toEqual([]);
  });

  test("files are uploaded for several principals", LONG, async () => {
    const { knowledgeBaseId } = await call("POST /api/v1/knowledge", { body: { name: "Payroll" } });
    const page = await open(`/knowledge/${knowledgeBaseId}`);
    await page.getByRole("button", { name: "More ways to upload" }).click(WORK);
    await page.getByRole("menuitem", { name: "Upload for some principals…" }).click();
    const choose = page.getByRole("dialog").getByRole("button", { name: "Choose files" });
    await choose.click();
    await page.getByText("Enter at least one principal", { exact: false }).waitFor(WORK);
    await page.getByLabel("Principals").fill("group:staff\nuser:ada & co");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser", WORK), choose.click()]);
    await chooser.setFiles([file("pay, first half.md", "# Pay\n\nPay arrives on the last day of a month.\n")]);
    await page.getByRole("region", { name: "Uploads" }).getByText("1 of 1 uploaded").waitFor(WORK);
    const { items } = await call("GET /api/v1/knowledge/:knowledgeBaseId/documents", { params: { knowledgeBaseId } });
    expect(items.map(({ uri, principals }) => ({ uri, principals }))).toEqual([
      { uri: "pay, first half.md", principals: ["group:staff", "user:ada & co"] },
    ]);
    await page
      .getByText("group:staff and 1 more")
      .first()
      .waitFor({ ...WORK, state: "attached" });
    expect(visitor.troubles).toEqual([]);
  });

  test("permissions are changed, and a document and a base are deleted after a question", LONG, async () => {
    const { knowledgeBaseId } = await call("POST /api/v1/knowledge", { body: { name: "Secrets" } });
    const params = { knowledgeBaseId };
    const { documentId } = await call("POST /api/v1/knowledge/:knowledgeBaseId/documents", {
      params,
      query: { name: "salaries.md" },
      bytes: new TextEncoder().encode("# Salaries\n\nThe salary of the captain is high.\n"),
    });
    const page = await open(`/knowledge/${knowledgeBaseId}`);
    await page.getByRole("button", { name: /^Actions for / }).click(WORK);
    await page.getByRole("menuitem", { name: "Permissions…" }).click();
    await page.getByRole("button", { name: "Some principals" }).click();
    await page.getByLabel("Principals").fill("staff");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText('"staff" is not a principal.', { exact: false }).waitFor(WORK);
    await page.getByLabel("Principals").fill("group:staff");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: "group:staff" }).waitFor(WORK);
    const document = { ...params, documentId };
    expect(
      (await call("GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId", { params: document })).principals,
    ).toEqual(["group:staff"]);

    await page.getByRole("button", { name: /^Actions for / }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("button", { name: "Delete document" }).click();
    await page.getByText("No documents yet").waitFor(WORK);
    await tab(page, "Settings");
    await page.getByRole("button", { name: "Delete knowledge base" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Delete knowledge base" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("Secrets");
    await dialog.getByRole("button", { name: "Delete knowledge base" }).click();
    await page.getByText("Deleted Secrets").waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });
});
