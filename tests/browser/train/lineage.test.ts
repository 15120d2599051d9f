import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { writeFakePython } from "../../../packages/server/src/modules/train/training/testing/open-training.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { pullModel, untilRun } from "../../setup/training-world.ts";
import { shootPage } from "../shots/shoot-page.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const LONG = { timeout: 240_000 };
const WORK = { timeout: 60_000 };
const TRACE = "a".repeat(32);
const ANSWER = "b".repeat(16);
const ASKED = "c".repeat(16);

describe.runIf(hasChromium)("lineage", () => {
  let visitor: Visitor;
  let folder: string;
  let client: ReturnType<typeof createClient>;
  let datasetId: string;
  let trainingRunId: string;
  let modelId: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-lineage-page-"));
    visitor = await startVisitor({ TREADLE_TRAINER_PYTHON: await writeFakePython(folder) });
    client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const source = join(folder, "tiny-random.gguf");
    await writeTinyModel(source);
    ({ modelId } = await pullModel(client, source));
    await recordSpan(TRACE, ASKED, { name: "the answer that became a row", responseModel: "gpt-4o" });
    ({ datasetId, trainingRunId } = await train());
    await recordSpan(TRACE, ANSWER, { name: "chat support-bot", responseModel: "support-bot@v1" });
    await vi.waitUntil(async () => (await spans("support-bot@v1")).length === 1, { timeout: 60_000, interval: 100 });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const spans = async (model: string) => (await client.call("GET /api/v1/spans", { query: { model } })).items;
  const recordSpan = (traceId: string, spanId: string, more: { name: string; responseModel: string }) =>
    client.call("POST /api/v1/spans", {
      body: {
        spans: [
          {
            traceId,
            spanId,
            kind: "generation",
            startTime: new Date().toISOString(),
            durationMs: 5,
            requestModel: "support-bot",
            provider: "local",
            output: "It is there.",
            ...more,
          },
        ],
      },
    });

  /** Creates a dataset with rows from a trace, a model and a person, and a run that trained a version. */
  async function train() {
    const made = await client.call("POST /api/v1/datasets", { body: { name: "support-answers" } });
    const sources = [
      { kind: "trace", traceId: TRACE, spanId: ASKED },
      { kind: "synthetic", model: "gpt-4o" },
      { kind: "manual" },
    ] as const;
    const items = Array.from({ length: 24 }, (_, place) => ({
      itemId: `row-${place}`,
      expected: "It is there.",
      source: sources[place % 3] ?? { kind: "manual" as const },
      inputs: { messages: [{ role: "user", content: `Where is parcel ${place}?` }] },
      split: place < 20 ? "train" : "test",
    }));
    const params = { datasetId: made.datasetId };
    await client.call("POST /api/v1/datasets/:datasetId/items", { params, body: { items } });
    await client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message: "first" } });
    const run = await client.call("POST /api/v1/training-runs", {
      body: {
        config: { name: "support-bot", base_model: modelId, datasets: [{ ref: "support-answers@1" }], max_steps: 6 },
      },
    });
    await untilRun(
      () => client,
      run.trainingRunId,
      ({ status }) => status === "succeeded",
    );
    return { datasetId: made.datasetId, trainingRunId: run.trainingRunId };
  }
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const shoot = (name: string, path: string) => shootPage(visitor, name, path);

  test(
    "from an answer one gets to the rows that its model was trained on, and to what a row was made of",
    LONG,
    async () => {
      const page = await open(`/traces/${TRACE}?span=${ANSWER}`);
      await page.getByRole("link", { name: "Lineage of this answer" }).click();
      await page.getByRole("heading", { level: 1, name: "Lineage of an answer" }).waitFor(WORK);
      const graph = page.getByRole("region", { name: "Lineage", exact: true });
      for (const name of ["chat support-bot", "support-bot v1", "support-answers version 1", "8 rows from traces"])
        await graph.getByRole("link", { name, exact: true }).waitFor();
      await graph.getByText("support-bot v1 answered as this").first().waitFor({ state: "attached" });
      const rows = page.getByRole("table", { name: "Rows of support-bot" });
      await rows.getByText("Where is parcel 0?").waitFor();
      await rows.getByText("not used").first().waitFor();
      expect(await rows.getByText("trained on").count()).toBeGreaterThan(10);
      expect(await seriousIn(page)).toEqual([]);
      await shoot("lineage-answer", `/lineage?trace=${TRACE}&span=${ANSWER}`);
      await rows.getByRole("link", { name: "trace" }).first().click();
      await page.getByRole("article", { name: /became a row/ }).waitFor(WORK);
      expect(await page.getByRole("link", { name: "Lineage of this answer" }).count()).toBe(0);
    },
  );

  test(
    "from a row, the lineage continues to the answers, and a row of a test split is shown as left out",
    LONG,
    async () => {
      const page = await open(`/datasets/${datasetId}?at=1&open=row-0`);
      await page.getByRole("complementary", { name: "Open item" }).getByRole("link", { name: "Lineage" }).click();
      await page.getByRole("heading", { level: 1, name: "Lineage of a row" }).waitFor(WORK);
      const graph = page.getByRole("region", { name: "Lineage", exact: true });
      await graph.getByRole("link", { name: "An answer that was recorded" }).waitFor();
      await graph.getByRole("link", { name: "Its answers" }).waitFor();
      await shoot("lineage-row", `/lineage?dataset=${datasetId}&at=1&item=row-0`);
      await page.goto(
        `${visitor.treadle.url}/lineage?dataset=${datasetId}&at=1&item=row-23&project=${visitor.projects.own}`,
      );
      await graph.getByText("(this row: left out)", { exact: false }).first().waitFor({ state: "attached" });
      await graph.getByRole("link", { name: "Its answers" }).waitFor();
    },
  );

  test("a version of a dataset, a run and a version of a model lead to their lineage", LONG, async () => {
    const page = await open(`/datasets/${datasetId}/versions?version=1`);
    await page.getByRole("link", { name: "Uses of this version" }).click();
    await page.getByRole("heading", { level: 1, name: "Lineage of a dataset version" }).waitFor(WORK);
    await page.getByRole("link", { name: "support-bot v1", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "support-bot" }).waitFor(WORK);
    await page.getByRole("link", { name: "Lineage", exact: true }).first().click();
    await page.getByRole("heading", { level: 1, name: "Lineage of a model version" }).waitFor(WORK);
    await page.getByRole("link", { name: "support-bot", exact: true }).first().click();
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Rows and lineage" }).click();
    await page.getByRole("heading", { level: 1, name: "Lineage of a training run" }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await shoot("lineage-run", `/lineage?run=${trainingRunId}`);
    for (const start of [`run=${trainingRunId}`, "model=support-bot&version=1", `dataset=${datasetId}&at=1`]) {
      await page.goto(`${visitor.treadle.url}/lineage?${start}&project=${visitor.projects.sample}`);
      await page.getByRole("heading", { name: "Object not found" }).waitFor();
    }
  });

  test("an evaluation is required of every new version, shown, and required no longer", LONG, async () => {
    await shoot("required-none", "/settings/evaluations");
    const page = await open("/settings/evaluations");
    await page.getByRole("heading", { name: "No required evaluations yet" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Add evaluation" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Add a scorer. The first one decides the verdict.").waitFor();
    await page.getByText("Choose a dataset.").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("parcels");
    await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "support-answers (24)" });
    await page.getByRole("combobox", { name: "Split" }).selectOption("test");
    await page.getByRole("button", { name: "Add scorer" }).click();
    await page.getByLabel("Search scorers").fill("exact");
    await page.keyboard.press("Enter");
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    const list = page.getByRole("list", { name: "Required evaluations" });
    await list.getByText("parcels", { exact: true }).waitFor();
    await list.getByText(/Margin: 2%/).waitFor();
    await shoot("required", "/settings/evaluations");
    const [kept] = (await client.call("GET /api/v1/required-evaluations")).items;
    expect(kept).toMatchObject({ name: "parcels", dataset: { datasetId, split: "test" }, margin: 0.02 });
    await page.getByRole("button", { name: "Remove parcels" }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("heading", { name: "No required evaluations yet" }).waitFor();
  });

  test(
    "what was deleted is shown as deleted, an address without a start says where to start, and a phone reads it all",
    LONG,
    async () => {
      await client.call("DELETE /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } });
      await client.call("DELETE /api/v1/datasets/:datasetId", { params: { datasetId } });
      const page = await open(`/lineage?model=support-bot&version=1`, 390);
      const graph = page.getByRole("region", { name: "Lineage", exact: true });
      await graph.getByText("The run was deleted.", { exact: false }).waitFor(WORK);
      await graph.getByText("The dataset was deleted.", { exact: false }).waitFor();
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
      expect(await seriousIn(page)).toEqual([]);
      await shoot("lineage-gone", "/lineage?model=support-bot&version=1");
      await page.goto(`${visitor.treadle.url}/lineage?project=${visitor.projects.own}`);
      await page.getByRole("heading", { name: "Nothing selected" }).waitFor();
      await page.goto(`${visitor.treadle.url}/lineage?run=${trainingRunId}&project=${visitor.projects.own}`);
      await page.getByRole("heading", { name: "Object not found" }).waitFor();
      expect(visitor.troubles).toEqual([]);
    },
  );
});
