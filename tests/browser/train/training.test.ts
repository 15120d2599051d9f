import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeFakePython } from "../../../packages/server/src/modules/train/training/testing/open-training.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { makeChats, pullModel, untilRun } from "../../setup/training-world.ts";
import { SHOTS, shootPage } from "../shots/shoot-page.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

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
      await page.getByRole("heading", { name: "No training runs yet" }).waitFor();
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
    await page.getByRole("heading", { name: "Tokenized samples" }).waitFor(WORK);
    expect(await page.locator("mark").first().textContent()).toBe("b");
    expect(await seriousIn(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, "training-new.png"), fullPage: true });
    await page.getByRole("button", { name: "Start training" }).click();
    await page.getByRole("heading", { level: 1, name: "support-bot" }).waitFor(WORK);
    await page.getByText(/Saved as version 1 of support-bot/).waitFor(WORK);
    await page.getByRole("img", { name: "training, evaluation" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("tab", { name: "Checkpoints" }).click();
    await page.getByText("best", { exact: true }).first().waitFor();
    await page.getByRole("tab", { name: "Log" }).click();
    await page.getByText("The fake trainer begins").waitFor();
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByText("support-answers", { exact: false }).first().waitFor();
    await shoot("training-run", new URL(page.url()).pathname);
  });

  test("a reward model is offered by the form of its scorer, and scores the sample there", LONG, async () => {
    const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name: "pairs" } });
    const assistantTurn = (content: string) => [{ role: "assistant", content }];
    const items = Array.from({ length: 8 }, (_, place) => ({
      inputs: { messages: [{ role: "user", content: `What is ${place}?` }] },
      expected: { chosen: assistantTurn("a number"), rejected: assistantTurn("a letter") },
    }));
    const params = { datasetId };
    await client.call("POST /api/v1/datasets/:datasetId/items", { params, body: { items } });
    await client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message: "first" } });
    const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
      body: {
        config: {
          name: "worth",
          base_model: modelId,
          method: "reward",
          datasets: [{ ref: "pairs@1" }],
          max_steps: 4,
          val: { fraction: 0 },
          export: { gguf: "none" },
        },
      },
    });
    await untilRun(
      () => client,
      trainingRunId,
      ({ status }) => status === "succeeded",
    );
    const page = await open("/scorers/new?kind=reward-model");
    await page.getByRole("heading", { level: 1, name: "New scorer: Reward model" }).waitFor();
    await page.locator("datalist option[value='worth@v1']").waitFor({ state: "attached" });
    expect(await page.locator("datalist option").count()).toBe(1);
    await page.getByLabel("Model").fill("worth@v1");
    await page.getByLabel("Input", { exact: true }).fill("What is 4?");
    await page.getByLabel("Answer", { exact: true }).fill("a number");
    await page.getByRole("button", { name: "Run test" }).click();
    const result = page.getByRole("region", { name: "Result" });
    // The fake trainer returns the answer's length.
    await result.getByText("8", { exact: true }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await shoot("scorer-new-reward-model", "/scorers/new?kind=reward-model");
  });

  test("a running run is stopped by hand and saves what it learned", LONG, async () => {
    const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
      body: {
        config: {
          name: "slow-bot",
          base_model: modelId,
          datasets: [{ ref: "support-answers@1" }],
          max_steps: 4_000,
          chat_template: "{# fake:slow #}",
          eval: { every: 5 },
          save: { every: 5 },
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
    await page.getByRole("button", { name: "Stop and keep the model…" }).click();
    const dialog = page.getByRole("dialog", { name: "Stop slow-bot and keep the model?" });
    await dialog.getByText(/^Uses the step with the lowest evaluation loss\. The best/).waitFor();
    await dialog.getByRole("button", { name: "Last step" }).click();
    expect(await seriousIn(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, "training-stop.png") });
    await dialog.getByRole("button", { name: "Stop and keep" }).click();
    await page
      .getByText(/You or another user stopped the run\. The model is the last checkpoint, from step \d+/)
      .waitFor(WORK);
    await page.getByRole("tab", { name: "Checkpoints" }).click();
    await page.getByText("model", { exact: true }).waitFor();
  });

  test("the menu of a run names its effects, and discarding one asks first", LONG, async () => {
    const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
      body: {
        config: {
          name: "dropped-bot",
          base_model: modelId,
          datasets: [{ ref: "support-answers@1" }],
          max_steps: 400,
          chat_template: "{# fake:slow #}",
        },
      },
    });
    const page = await open(`/training/${trainingRunId}`);
    await page.getByText(/^● running/).waitFor(WORK);
    await page.getByRole("button", { name: "Run actions" }).click();
    await page.getByRole("menuitem", { name: "Cancel and discard…" }).click();
    const dialog = page.getByRole("dialog", { name: "Discard dropped-bot?" });
    await dialog.getByText("The run ends without a model.").waitFor();
    await dialog.getByRole("button", { name: "Cancel and discard" }).click();
    const statusOf = async () =>
      (await client.call("GET /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } })).status;
    await expect.poll(statusOf, WORK).toBe("cancelled");
  });

  test("the evaluation before the first step has a progress bar of its own", LONG, async () => {
    const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
      body: {
        config: {
          name: "base-bot",
          base_model: modelId,
          datasets: [{ ref: "support-answers@1" }],
          max_steps: 4,
          chat_template: "{# fake:evaluates,drops #}",
        },
      },
    });
    try {
      const page = await open(`/training/${trainingRunId}`);
      await page.getByText("Evaluating the base model: 3 of 12 batches").first().waitFor(WORK);
      expect(await page.getByRole("progressbar", { name: "Evaluation" }).getAttribute("aria-valuenow")).toBe("25");
      await page.getByText(/skipped by the trainer/).waitFor(WORK);
      expect(await seriousIn(page)).toEqual([]);
      await shoot("training-evaluating", `/training/${trainingRunId}`);
    } finally {
      // The run waits for this file, and the next run waits for the run.
      await writeFile(join(visitor.treadle.dataFolder, "training", trainingRunId, "go-on"), "");
    }
    const page = await open(`/training/${trainingRunId}`);
    await page.getByText(/Saved as version 1 of base-bot/).waitFor(WORK);
    await page.goto(`${visitor.treadle.url}/lineage?run=${trainingRunId}&project=${visitor.projects.own}`);
    await page.getByText("skipped by the trainer: too long").first().waitFor(WORK);
  });

  test("the size of the download is shown before the trainer is installed", LONG, async () => {
    const none = { python: null, jobId: null, doctor: null, planJobId: null };
    const packages = [
      { name: "torch", version: "2.15.0+cpu", bytes: 184_000_000 },
      { name: "pyarrow", version: "26.0.1", bytes: 48_000_000 },
    ];
    const sizes = { downloadBytes: 232_000_000, diskBytes: 2.5e9, freeBytes: 91e9 };
    const plan = { packages, ...sizes, torch: "cpu", note: "", python: "3.12.1" };
    const page = await open("/training");
    await page.route("**/api/v1/trainer", (route) =>
      route.fulfill({ json: { ...none, state: "missing", message: "The trainer is not installed.", plan } }),
    );
    await page.reload();
    await page.getByRole("button", { name: "Download 232 MB and install" }).waitFor(WORK);
    await page.getByText("2 packages").click();
    await page.getByText("2.15.0+cpu").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, "training-install.png") });
  });

  test("a run is paused, shows it, and continues from its last checkpoint to its end", LONG, async () => {
    const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
      body: {
        config: {
          name: "paused-bot",
          base_model: modelId,
          datasets: [{ ref: "support-answers@1" }],
          max_steps: 40,
          chat_template: "{# fake:waits #}",
          eval: { every: 4 },
          save: { every: 4 },
        },
      },
    });
    const page = await open(`/training/${trainingRunId}`);
    await page.getByText(/^● running/).waitFor(WORK);
    await page.getByText(/^step 8 of 40/).waitFor(WORK);
    await page.getByRole("button", { name: "Run actions" }).click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await page.getByText(/The run is paused. It continues from its last checkpoint/).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await shoot("training-paused", `/training/${trainingRunId}`);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText(/Saved as version 1 of paused-bot/).waitFor(WORK);
    expect((await client.call("GET /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } })).attempt).toBe(
      2,
    );
  });

  test("what a run gave is opened from the run, pointed at by an alias, and answers to that name", LONG, async () => {
    const page = await open("/training?search=support-bot");
    await page.getByRole("link", { name: "support-bot", exact: true }).first().click();
    await page.getByRole("link", { name: "Open model" }).click();
    await page.getByRole("heading", { level: 1, name: "support-bot" }).waitFor(WORK);
    await client.call("PUT /api/v1/registry/models/:name/aliases/:alias", {
      params: { name: "support-bot", alias: "production" },
      body: { version: "1" },
    });
    await page.goto(`${visitor.treadle.url}/lineage?model=support-bot&version=1&project=${visitor.projects.own}`);
    await page.getByText("support-bot@production", { exact: true }).waitFor(WORK);
    await shoot("training-promoted", "/models/registry/support-bot");
  });

  test("runs are selected in the list, overlaid, and distinguished by their different settings", LONG, async () => {
    const page = await open("/training");
    await page.getByRole("checkbox", { name: "Compare support-bot" }).check();
    await page.getByRole("checkbox", { name: "Compare slow-bot" }).check();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("link", { name: "Compare 2" }).click();
    await page.getByRole("heading", { level: 1, name: "Compare training runs" }).waitFor();
    await page.getByRole("table", { name: "Different settings" }).getByText("max_steps").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, "training-compare.png"), fullPage: true });
    await shoot("training-list", "/training");
  });

  test("a configuration is pasted as a file, and its problems are shown", LONG, async () => {
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
    "settings are searched, the search says which are best, and its form has its own base configuration",
    LONG,
    async () => {
      const page = await open("/training/sweeps");
      await page.getByRole("heading", { name: "No sweeps yet" }).waitFor();
      const { sweepId } = await client.call("POST /api/v1/sweeps", {
        body: {
          name: "ranks",
          trials: 3,
          method: "grid",
          repeats: 2,
          pruner: "none",
          config: {
            base_model: modelId,
            datasets: [{ ref: "support-answers@1" }],
            max_steps: 10,
            val: { fraction: 0.3 },
            eval: { every: 5 },
          },
          search: { "lora.r": { values: [4, 8, 16] } },
        },
      });
      await page.goto(`${visitor.treadle.url}/training/sweeps/${sweepId}?project=${visitor.projects.own}`);
      await page.getByText(/^Trial \d is best/).waitFor(LONG);
      await page.getByText(/partly lucky/).waitFor();
      expect(await page.getByRole("table", { name: "Trials" }).getByRole("row").count()).toBe(6);
      expect(await seriousIn(page)).toEqual([]);
      await shoot("training-sweep", `/training/sweeps/${sweepId}`);
      await page.goto(`${visitor.treadle.url}/training/new?project=${visitor.projects.own}`);
      await page.getByLabel("Base model").fill(modelId);
      await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "support-answers (24)" });
      await page.goto(`${visitor.treadle.url}/training/sweeps/new?project=${visitor.projects.own}`);
      const base = page.getByLabel("Base model");
      expect(await base.inputValue()).toBe("");
      expect(await page.getByRole("button", { name: "Start sweep" }).isDisabled()).toBe(true);
      await base.fill(modelId);
      await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "support-answers (24)" });
      await page.getByRole("button", { name: "Start sweep" }).click();
      await page.getByText("Enter a name.").waitFor();
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
