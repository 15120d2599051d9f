import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeFakePython } from "../../packages/server/src/modules/training/testing/open-training.ts";
import { writeTinyModel } from "../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { makeChats, pullModel, untilRun } from "../setup/training-world.ts";
import { hasChromium } from "./chromium.ts";
import { seriousIn } from "./serious-in.ts";
import { SHOTS, shootPage } from "./shoot-page.ts";
import { startVisitor, type Visitor } from "./visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("training", () => {
  let visitor: Visitor;
  let folder: string;
  let client: ReturnType<typeof createClient>;
  let modelId: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-train-page-"));
    visitor = await startVisitor({ TREADLE_TRAINER_PYTHON: await writeFakePython(folder) });
    client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const source = join(folder, "tiny-random.gguf");
    await writeTinyModel(source);
    ({ modelId } = await pullModel(client, source));
    await makeChats(client, "support-answers", 24);
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });

  const shoot = (name: string, path: string) => shootPage(visitor, name, path);

  test(
    "before the first run, the list says what one takes and leads to the form, which says what is missing",
    LONG,
    async () => {
      await shoot("training-empty", "/training");
      const page = await open("/training");
      await page.getByRole("heading", { name: "Nothing was trained yet" }).waitFor();
      expect(await seriousIn(page)).toEqual([]);
      await page.locator("body").click({ position: { x: 700, y: 5 } });
      await page.keyboard.press("n");
      await page.getByRole("heading", { level: 1, name: "New training run" }).waitFor();
      await page.getByText("Choose a base model and a dataset first.").waitFor();
      expect(await page.getByRole("button", { name: "Start training" }).isDisabled()).toBe(true);
    },
  );

  test("a run is set up, estimated, looked at token by token, started, and followed to its model", LONG, async () => {
    const page = await open("/training/new");
    await page.getByLabel("Base model").fill(modelId);
    await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "support-answers (24)" });
    await page.getByLabel("Name").fill("support-bot");
    await page.getByRole("button", { name: "Steps", exact: true }).click();
    await page.getByRole("spinbutton", { name: "Steps" }).fill("40");
    await page.getByRole("button", { name: "Estimate" }).click();
    await page.getByText("Rows", { exact: true }).waitFor(WORK);
    await page.getByRole("button", { name: "Show samples" }).click();
    await page.getByRole("heading", { name: "As the model sees it" }).waitFor(WORK);
    expect(await page.locator("mark").first().textContent()).toBe("b");
    expect(await seriousIn(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, "training-new.png"), fullPage: true });
    await page.getByRole("button", { name: "Start training" }).click();
    await page.getByRole("heading", { level: 1, name: "support-bot" }).waitFor(WORK);
    await page.getByText(/It is version 1 of support-bot/).waitFor(WORK);
    await page.getByRole("img", { name: "training, held out" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("tab", { name: "Checkpoints" }).click();
    await page.getByText("best", { exact: true }).first().waitFor();
    await page.getByRole("tab", { name: "Log" }).click();
    await page.getByText("The fake trainer begins").waitFor();
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByText("support-answers", { exact: false }).first().waitFor();
    await shoot("training-run", new URL(page.url()).pathname);
  });

  test("a run that goes on is stopped by hand and keeps what it learnt", LONG, async () => {
    const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
      body: {
        config: {
          ...{ name: "slow-bot", base_model: modelId, datasets: [{ ref: "support-answers@1" }], max_steps: 4_000 },
          ...{ chat_template: "{# fake:slow #}", eval: { every: 5 }, save: { every: 5 } },
        },
      },
    });
    await untilRun(
      () => client,
      trainingRunId,
      ({ progress }) => (progress.step ?? 0) > 12,
    );
    await shoot("training-live", `/training/${trainingRunId}`);
    const page = await open(`/training/${trainingRunId}`);
    await page.getByText(/^● running/).waitFor();
    await page.getByRole("button", { name: "Stop and save" }).click();
    await page.getByText(/It was stopped by hand, and saved/).waitFor(WORK);
  });

  test("a run is paused, says so, and goes on from its last checkpoint to its end", LONG, async () => {
    const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
      body: {
        config: {
          ...{ name: "paused-bot", base_model: modelId, datasets: [{ ref: "support-answers@1" }], max_steps: 40 },
          ...{ chat_template: "{# fake:waits #}", eval: { every: 4 }, save: { every: 4 } },
        },
      },
    });
    const page = await open(`/training/${trainingRunId}`);
    await page.getByText(/^● running/).waitFor(WORK);
    await page.getByText(/^step 8 of 40/).waitFor(WORK);
    await page.getByRole("button", { name: "More for this run" }).click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await page.getByText(/It is paused, and goes on from its last checkpoint/).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await shoot("training-paused", `/training/${trainingRunId}`);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText(/It is version 1 of paused-bot/).waitFor(WORK);
    expect((await client.call("GET /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } })).attempt).toBe(
      2,
    );
  });

  test("what a run gave is opened from the run, pointed at by an alias, and answers to that name", LONG, async () => {
    const page = await open("/training?search=support-bot");
    await page.getByRole("link", { name: "support-bot", exact: true }).first().click();
    await page.getByRole("link", { name: "Open the model" }).click();
    await page.getByRole("heading", { level: 1, name: "support-bot" }).waitFor(WORK);
    await client.call("PUT /api/v1/registry/models/:name/aliases/:alias", {
      params: { name: "support-bot", alias: "production" },
      body: { version: "1" },
    });
    await page.goto(`${visitor.treadle.url}/lineage?model=support-bot&version=1&project=${visitor.projects.own}`);
    await page.getByText("support-bot@production", { exact: true }).waitFor(WORK);
    await shoot("training-promoted", "/models/registry/support-bot");
  });

  test(
    "runs are picked in the list, laid over one another, and told apart by what was set otherwise",
    LONG,
    async () => {
      const page = await open("/training");
      await page.getByRole("checkbox", { name: "Compare support-bot" }).check();
      await page.getByRole("checkbox", { name: "Compare slow-bot" }).check();
      expect(await seriousIn(page)).toEqual([]);
      await page.getByRole("link", { name: "Compare 2" }).click();
      await page.getByRole("heading", { level: 1, name: "Compare training runs" }).waitFor();
      await page.getByRole("table", { name: "Set otherwise" }).getByText("max_steps").waitFor();
      expect(await seriousIn(page)).toEqual([]);
      if (SHOTS) await page.screenshot({ path: join(SHOTS, "training-compare.png"), fullPage: true });
      await shoot("training-list", "/training");
    },
  );

  test("a configuration is pasted as a file, and what is wrong with it is said", LONG, async () => {
    const page = await open("/training/new");
    await page.getByRole("button", { name: "File", exact: true }).click();
    await page.getByLabel("File", { exact: true }).fill("base_model: x\nlora_rnk: 8\n");
    await page
      .getByText(/lora_rnk/)
      .last()
      .waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Start training" }).isDisabled()).toBe(true);
  });

  test(
    "settings are searched from the form of a run, and the search says which are best and what it cannot say",
    LONG,
    async () => {
      const page = await open("/training/sweeps");
      await page.getByRole("heading", { name: "No search yet" }).waitFor();
      const { sweepId } = await client.call("POST /api/v1/sweeps", {
        body: {
          ...{ name: "ranks", trials: 3, method: "grid", repeats: 2, pruner: "none" },
          config: {
            ...{ base_model: modelId, datasets: [{ ref: "support-answers@1" }], max_steps: 10, val: { fraction: 0.3 } },
            eval: { every: 5 },
          },
          search: { "lora.r": { values: [4, 8, 16] } },
        },
      });
      await page.goto(`${visitor.treadle.url}/training/sweeps/${sweepId}?project=${visitor.projects.own}`);
      await page.getByText(/^Trial \d is best/).waitFor(LONG);
      await page.getByText(/best partly by luck/).waitFor();
      expect(await page.getByRole("table", { name: "Trials" }).getByRole("row").count()).toBe(6);
      expect(await seriousIn(page)).toEqual([]);
      await shoot("training-sweep", `/training/sweeps/${sweepId}`);
      await page.goto(`${visitor.treadle.url}/training/new?project=${visitor.projects.own}`);
      await page.getByLabel("Base model").fill(modelId);
      await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "support-answers (24)" });
      await page.goto(`${visitor.treadle.url}/training/sweeps/new?project=${visitor.projects.own}`);
      await page.getByText(`${modelId} by sft`, { exact: false }).waitFor();
      await page.getByRole("button", { name: "Start the search" }).click();
      await page.getByText("Give it a name.").waitFor();
      expect(await seriousIn(page)).toEqual([]);
      await shoot("training-new-sweep", "/training/sweeps/new");
      expect(visitor.troubles).toEqual([]);
    },
  );

  test("on a phone nothing is wider than the screen", LONG, async () => {
    for (const path of [
      "/training",
      "/training/new",
      "/training/sweeps",
      "/training/sweeps/new",
      "/training/compare",
    ]) {
      const page = await open(path, 390);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForTimeout(300);
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
      await page.context().close();
    }
  });
});
