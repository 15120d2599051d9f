import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { safetensors } from "../../../packages/server/src/modules/train/registry/testing/write-safetensors.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { bringModel } from "../furnish/furnish-registry.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
const PART_BYTES = 8 * 1024 * 1024;

describe.runIf(hasChromium)("the model registry", () => {
  let visitor: Visitor;
  let client: Client;
  let folder: string;
  let tiny: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-registry-page-"));
    await writeTinyModel(join(folder, "tiny.gguf"));
    tiny = await readFile(join(folder, "tiny.gguf"));
    visitor = await startVisitor();
    client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const address = (path: string) => `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}`;
  const open = (path: string, width = 1440) => visitor.open({ width, path: address(path) });
  /** Removes the focus from all fields, because keyboard shortcuts work only then. */
  const leaveFields = (page: Page) => page.locator("body").click({ position: { x: 720, y: 4 } });
  const bytes = (name: string, buffer: Buffer) => ({ name, mimeType: "application/octet-stream", buffer });

  test("an empty registry explains imports, and a key opens the first upload", LONG, async () => {
    const page = await open("/models/registry");
    await page.getByRole("heading", { name: "No models yet" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await leaveFields(page);
    await page.keyboard.press("n");
    const dialog = page.getByRole("dialog", { name: "Upload model" });
    await dialog.getByRole("button", { name: "Upload", exact: true }).click();
    await dialog.getByText("Choose the files or the folder of a model.").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("a pickle is rejected with an explanation before a byte is sent, and the rest is uploaded", LONG, async () => {
    const page = await open("/models/registry");
    const sent: string[] = [];
    page.on("request", (request) => request.method() === "PUT" && sent.push(request.url()));
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("support-bot");
    await dialog
      .getByLabel("Files", { exact: true })
      .setInputFiles([bytes("tiny.gguf", tiny), bytes("pytorch_model.bin", Buffer.from([0x80, 2, 0x2e]))]);
    await dialog.getByText("pytorch_model.bin").waitFor();
    await dialog.getByRole("button", { name: "Upload", exact: true }).click();
    const refused = dialog.getByRole("alert");
    await refused.getByText("It is or may contain a pickle, and loading a pickle runs the code in it.").waitFor(WORK);
    expect(sent).toEqual([]);
    await refused.getByRole("button", { name: "Continue without it" }).click();
    await dialog.getByRole("link", { name: "Open support-bot" }).click(WORK);
    await page.getByRole("heading", { level: 1, name: "support-bot" }).waitFor();
    await page.getByText("Use support-bot@v1 in requests.").waitFor();
    expect(await seriousIn(page)).toEqual([]);
  });

  test("a pickle under another name is found by its content, and is not stored", LONG, async () => {
    const page = await open("/models/registry/support-bot");
    await page.getByRole("button", { name: "New version" }).click();
    await page.getByRole("menuitem", { name: "Upload files" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("Name").inputValue()).toBe("support-bot");
    const pickle = Buffer.from([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0]);
    const whole = safetensors({ "model.embed.weight": ["F32", [4, 8]] });
    await dialog
      .getByLabel("Files", { exact: true })
      .setInputFiles([bytes("weights.safetensors", pickle), bytes("model.safetensors", whole)]);
    await dialog.getByRole("button", { name: "Upload", exact: true }).click();
    const refused = dialog.getByRole("alert");
    await refused.getByText("Its content is a pickle").waitFor(WORK);
    expect((await versionsOf("support-bot")).length).toBe(1);
    await dialog.getByRole("button", { name: "Continue without it" }).click();
    await dialog.getByRole("link", { name: "Open support-bot" }).waitFor(WORK);
    const [newest] = await versionsOf("support-bot");
    expect(newest).toMatchObject({ version: 2, format: "safetensors", fileCount: 1 });
  });

  test("an interrupted upload continues, and sends no part twice", LONG, async () => {
    const large = safetensors({ "model.embed.weight": ["F32", [1_536, 2_048]] }, 3);
    expect(large.length).toBeGreaterThan(PART_BYTES);
    const page = await open("/models/registry/support-bot");
    await page.getByRole("button", { name: "New version" }).click();
    await page.getByRole("menuitem", { name: "Upload files" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Files", { exact: true }).setInputFiles(bytes("large.safetensors", large));
    const sent: string[] = [];
    page.on("requestfinished", (request) => request.method() === "PUT" && sent.push(request.url()));
    await page.route("**/files/0/parts/1", (route) => route.fulfill({ status: 400, body: "{}" }));
    await dialog.getByRole("button", { name: "Upload", exact: true }).click();
    await dialog.getByText(/^The upload is incomplete\./).waitFor(WORK);
    expect(sent.filter((url) => url.endsWith("/parts/0")).length).toBe(1);
    await page.unroute("**/files/0/parts/1");
    await dialog.getByRole("button", { name: "Resume", exact: true }).click();
    await dialog.getByRole("link", { name: "Open support-bot" }).waitFor(WORK);
    expect(sent.filter((url) => url.endsWith("/parts/0")).length).toBe(1);
    expect(await versionsOf("support-bot")).toHaveLength(3);
  });

  test("notes and tags are edited in place by keyboard, undone, and found again", LONG, async () => {
    const page = await open("/models/registry/support-bot?version=1");
    await page.getByRole("button", { name: "Edit Notes" }).click();
    const notes = page.getByRole("textbox", { name: "Notes" });
    await notes.fill("Knows of **looms**.");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Resume editing Notes" }).click();
    expect(await notes.inputValue()).toBe("Knows of **looms**.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Notes saved").waitFor();
    await page.locator(".markdown strong", { hasText: "looms" }).waitFor();
    await leaveFields(page);
    await page.keyboard.press("Control+z");
    await page.getByText("No notes yet.").waitFor();
    await page.getByRole("button", { name: "Edit Notes" }).click();
    await notes.fill("Knows of **looms**.");
    await page.keyboard.press("Control+Enter");
    await page.locator(".markdown strong", { hasText: "looms" }).waitFor();
    const tags = page.getByRole("region", { name: "Tags" }).last();
    await tags.getByRole("button", { name: "Tag", exact: true }).click();
    await tags.getByLabel("New tag").fill("team=support");
    await page.keyboard.press("Enter");
    await tags.getByText("team=support").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await bringModel(client, { name: "other", source: join(folder, "tiny.gguf") });
    await page.goto(visitor.treadle.url + address("/models/registry"));
    const table = page.getByRole("table", { name: "Registered models" });
    await table.getByText("other").waitFor();
    await page.getByRole("combobox", { name: "Tag", exact: true }).selectOption("team=support");
    await table.getByText("other").waitFor({ state: "detached" });
    await table.getByRole("link", { name: "support-bot" }).waitFor();
    await page.getByRole("searchbox", { name: "Search models" }).fill("LOOMS");
    await page.waitForURL(/search=LOOMS/);
    await table.getByRole("link", { name: "support-bot" }).waitFor();
    await page.getByRole("searchbox", { name: "Search models" }).fill("nothing like it");
    await page.getByRole("button", { name: "Show all models" }).click();
    await table.getByText("other").waitFor();
    await leaveFields(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "other" }).waitFor();
  });

  test(
    "a stage waits for another person, who says why, and only then its alias moves and rolls back",
    LONG,
    async () => {
      const page = await open("/models/registry/support-bot?version=1&tab=release");
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Settings" }).click();
      await page.getByRole("checkbox", { name: "Require approval for staging and production" }).check();
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.getByText("Settings saved").waitFor();
      const stage = page.getByRole("region", { name: "Stage", exact: true });
      await stage.getByLabel("New stage").selectOption("production");
      await stage.getByLabel(/^Reason/).fill("It knows of looms");
      await stage.getByRole("button", { name: "Request approval" }).click();
      await stage.getByText("Another person in the project must approve or reject it.").waitFor();
      expect(await stage.getByRole("button", { name: "Approve" }).count()).toBe(0);
      expect(await seriousIn(page)).toEqual([]);

      await page.getByRole("button", { name: "Move alias here" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Move alias" }).click();
      await page.getByRole("alert").getByText("needs the approval of a second person").waitFor();
      await page.keyboard.press("Escape");

      const { signInPath } = await inviteColleague();
      const second = await visitor.openStranger(signInPath);
      await second.getByRole("heading", { name: "Overview" }).waitFor();
      await second.goto(visitor.treadle.url + address("/models/registry"));
      await second.getByRole("region", { name: "Waiting for approval" }).getByRole("link").click();
      const theirs = second.getByRole("region", { name: "Stage", exact: true });
      await theirs.getByText("It knows of looms").waitFor();
      await theirs.getByLabel(/^Comment/).fill("So it does");
      await theirs.getByRole("button", { name: "Approve" }).click();
      const history = second.getByRole("list", { name: "Stage history" });
      await history.getByText("So it does").waitFor();
      await history.getByText(/^by Colleague/).waitFor();
      await second.context().close();

      await page.reload();
      await page.getByRole("list", { name: "Stage history" }).getByText("approved").waitFor();
      await moveProduction(page, "v1");
      const answers = page.getByRole("region", { name: "Request names" });
      await answers.getByText("support-bot@production", { exact: true }).waitFor();

      await client.call("PUT /api/v1/registry/settings", { body: { needsApproval: false } });
      await page.reload();
      await moveProduction(page, "v2");
      await answers.getByRole("listitem").filter({ hasText: "@production" }).getByText("version 2").waitFor();
      await answers
        .getByText(/Only GGUF models, and ONNX models/)
        .first()
        .waitFor();
      await answers.getByRole("button", { name: "Roll back production" }).click();
      await answers.getByRole("listitem").filter({ hasText: "@production" }).getByText("version 1").waitFor();
      await answers.getByRole("button", { name: "History" }).click();
      const moves = page.getByRole("list", { name: "Alias history" });
      await moves.getByText("Rolled back").waitFor();
      expect(await moves.getByRole("listitem").count()).toBe(3);
      expect(await seriousIn(page)).toEqual([]);
      await page.context().close();
    },
  );

  test("two versions are next to each other, and a switch shows only the differences", LONG, async () => {
    const page = await open("/models/registry/support-bot?version=2");
    await page.getByRole("link", { name: "Compare", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Compare versions" }).waitFor();
    expect(await page.getByRole("combobox", { name: "Left version" }).inputValue()).toBe("1");
    const facts = page.getByRole("table", { name: "Facts" });
    await facts.getByRole("row", { name: /^Format differs/ }).waitFor();
    await facts.getByRole("row", { name: /^License differs apache-2.0 unknown/ }).waitFor();
    await page.getByRole("table", { name: "Files" }).getByText("only left").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("combobox", { name: "Right model" }).selectOption("other");
    const files = page.getByRole("table", { name: "Files" });
    await files.getByRole("row", { name: /^tiny.gguf/ }).waitFor();
    await page.getByRole("checkbox", { name: "Differences only" }).check();
    await files.waitFor({ state: "detached" });
    await page.getByRole("region", { name: "Files" }).getByText("All values are equal.").waitFor();
  });

  test("files are downloaded with their hashes, and the version as an archive", LONG, async () => {
    const page = await open("/models/registry/support-bot?version=1&tab=files");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download tiny.gguf" }).click(),
    ]);
    expect(Buffer.compare(await readFile(await download.path()), tiny)).toBe(0);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const [archive] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "All files as a tar archive" }).click(),
    ]);
    expect(archive.suggestedFilename()).toBe("support-bot-v1-files.tar");
    expect((await readFile(await archive.path())).includes("SHA256SUMS")).toBe(true);
    await page.getByRole("tab", { name: "Card" }).click();
    await page.getByRole("heading", { name: "support-bot v1" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
  });

  test("what is still needed says by what, and goes when it is not", LONG, async () => {
    const page = await open("/models/registry/support-bot");
    const ask = async () => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Delete model" }).click();
    };
    await ask();
    const needed = page.getByRole("dialog", { name: "support-bot is in use" });
    await needed.getByText("The alias production points to version 1.").waitFor();
    await needed.getByRole("button", { name: "Close" }).last().click();
    await page.getByRole("button", { name: "Delete alias production" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete alias" }).click();
    await page.getByText("Deleted alias production").waitFor();
    await page.getByRole("tab", { name: "Release" }).click();
    await page.getByRole("button", { name: "Delete version 3" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete version" }).click();
    await page.getByText("Deleted support-bot v3").waitFor();
    expect((await versionsOf("support-bot")).map(({ version }) => version)).toEqual([2, 1]);
    await ask();
    const dialog = page.getByRole("dialog", { name: "Delete support-bot?" });
    expect(await dialog.getByRole("button", { name: "Delete model" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("support-bot");
    await page.keyboard.press("Enter");
    await page.getByRole("table", { name: "Registered models" }).getByText("other").waitFor();
    expect(await page.getByRole("link", { name: "support-bot" }).count()).toBe(0);
    await page.context().close();
    expect(visitor.troubles).toEqual([]);
  });

  test("on a phone nothing is wider than the screen", LONG, async () => {
    for (const path of [
      "/models/registry",
      "/models/compare?left=other@v1&right=other@v1",
      ...["", "?tab=release", "?tab=files", "?tab=card"].map((tab) => `/models/registry/other${tab}`),
    ]) {
      const page = await open(path, 390);
      // A card also has a heading, which may appear together with the page's.
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForTimeout(500);
      expect(await page.evaluate<number>("document.querySelector('main').scrollWidth"), path).toBeLessThanOrEqual(390);
      await page.context().close();
    }
  });

  const versionsOf = async (name: string) =>
    (await client.call("GET /api/v1/registry/models/:name/versions", { params: { name } })).items;

  /** Invites a second person to the project. The response contains a sign-in link. */
  function inviteColleague() {
    return client.call("POST /api/v1/members", {
      body: { email: "colleague@example.com", name: "Colleague", role: "admin" },
    });
  }

  async function moveProduction(page: Page, version: string) {
    await page.getByRole("button", { name: "Move alias", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Alias", { exact: true }).fill("production");
    await dialog.getByLabel("Version").selectOption({ label: await labelOf(dialog, version) });
    await dialog.getByLabel(/^Reason/).fill("It answers better");
    await dialog.getByRole("button", { name: "Move alias" }).click();
    await page.getByText(`production now points to version ${version.slice(1)}`).waitFor();
  }

  /** The label of a version in the list of a dialog, with its stage. */
  async function labelOf(dialog: ReturnType<Page["getByRole"]>, version: string): Promise<string> {
    const labels = await dialog.getByLabel("Version").getByRole("option").allInnerTexts();
    return labels.find((label) => label.startsWith(version)) ?? version;
  }
});
