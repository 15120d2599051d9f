import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeFakePython } from "../../../packages/server/src/modules/train/training/testing/open-training.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const LONG = { timeout: 240_000 };
/** The folder for screenshots that tests take. Unset in CI. */
const SHOTS = process.env.TREADLE_TEST_SHOTS;

describe.runIf(hasChromium)("other formats of a version", () => {
  let visitor: Visitor;
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-formats-page-"));
    visitor = await startVisitor({ TREADLE_TRAINER_PYTHON: await writeFakePython(folder) });
    await writeTinyModel(join(folder, "tiny.gguf"));
    const client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const { jobId } = await client.call("POST /api/v1/registry/imports", {
      body: { name: "support", source: join(folder, "tiny.gguf") },
    });
    for (let tries = 0; tries < 600; tries++) {
      const { status } = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
      if (status === "done") return;
      await delay(100);
    }
    throw new Error("the model was not imported");
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("are made on the page, with progress, checks and the command that downloads them", LONG, async () => {
    const path = `/models/registry/support?version=1&tab=files&project=${visitor.projects.own}`;
    const page = await visitor.open({ path });
    const formats = page.getByRole("region", { name: "Other formats" });
    await formats.getByText("No conversions yet").waitFor();
    await formats.getByRole("button", { name: "Convert" }).click();
    const dialog = page.getByRole("dialog", { name: "Convert to another format" });
    await dialog.getByLabel("Weight type").selectOption("Q5_1");
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Convert" }).click();
    await dialog.getByText("Convert support@v1 to GGUF Q5_1").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click({ timeout: 120_000 });
    await formats.getByText("gguf Q5_1").waitFor();
    await formats.getByText("llama.cpp loads the file and can run it.").waitFor();
    await formats.getByText(/Its perplexity on five short texts is .* compared with F16/).waitFor();
    await formats.getByText("treadle model export support@v1 --format gguf --quantization Q5_1").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await shoot(path);
    await formats.getByRole("button", { name: "Delete" }).click();
    await formats.getByText("No conversions yet").waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  async function shoot(path: string) {
    if (!SHOTS) return;
    for (const width of [1440, 390])
      for (const theme of ["light", "dark"] as const) {
        const page = await visitor.open({ width, theme, path });
        await page.getByText("gguf Q5_1").waitFor();
        await page.screenshot({ path: join(SHOTS, `formats-${width}-${theme}.png`), fullPage: true });
        await page.getByRole("button", { name: "Convert" }).click();
        await page.waitForTimeout(500);
        await page.screenshot({ path: join(SHOTS, `formats-dialog-${width}-${theme}.png`) });
        await page.context().close();
      }
  }
});
