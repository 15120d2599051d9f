// What a training run of 100,000 steps costs to look at: the API that thins its curves, and frames in Chromium while one hovers,
// brushes and smooths. Run it with Node after the web app was built: node bench/training-curves.ts [steps]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "../packages/sdk/src/index.ts";
import { writeFakePython } from "../packages/server/src/modules/train/training/testing/open-training.ts";
import { writeTinyModel } from "../packages/server/src/platform/inference/testing/tiny-model.ts";
import { startVisitor, type Visitor } from "../tests/browser/visitor/visitor.ts";
import { makeChats, pullModel, untilRun } from "../tests/setup/training-world.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;
type Client = ReturnType<typeof createClient>;

const steps = Number(process.argv[2] ?? 100_000);
const MOVES = 120;

/** Records the time between frames, and every task over 50 ms. */
const WATCH = `window.frames_ = []; window.longTasks = [];
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.longTasks.push(entry.duration); }).observe({ entryTypes: ["longtask"] });
  (function next(before) { requestAnimationFrame((now) => { if (before !== null) window.frames_.push(now - before); next(now); }); })(null);`;
const FRAME = "new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))";

async function train(client: Client, modelId: string): Promise<string> {
  const { trainingRunId } = await client.call("POST /api/v1/training-runs", {
    body: {
      config: {
        name: "long-bot",
        base_model: modelId,
        datasets: [{ ref: "chats@1" }],
        max_steps: steps,
        chat_template: "{# fake:fast #}",
        eval: { every: 500 },
        save: { every: 1_000_000 },
      },
    },
  });
  await untilRun(
    () => client,
    trainingRunId,
    ({ status }) => status === "succeeded" || status === "failed",
  );
  return trainingRunId;
}

async function readCurves(client: Client, trainingRunId: string) {
  const startedAt = performance.now();
  const { series } = await client.call("GET /api/v1/training-runs/:trainingRunId/metrics", {
    params: { trainingRunId },
    query: { points: 1_000 },
  });
  return { ms: performance.now() - startedAt, series };
}

/** What is done, in frames: the middle, the 95th of a hundred and the longest, in milliseconds, with the tasks over 50 ms. */
async function framesOf(page: Page, act: () => Promise<unknown>): Promise<string> {
  await page.evaluate("window.frames_.length = 0; window.longTasks.length = 0");
  await act();
  const [frames, tasks] = (await page.evaluate("[window.frames_, window.longTasks]")) as [number[], number[]];
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `frames of ${at(0.5)} ms, ${at(0.95)} at the 95th percentile, ${at(1)} at most (${frames.length} frames); ${tasks.length} tasks over 50 ms, the longest ${Math.max(0, ...tasks).toFixed(0)}`;
}

/** The time that scripts and layout took for each move of the pointer, whatever else the machine does. */
async function workOf(page: Page, act: () => Promise<unknown>): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { script: of("ScriptDuration"), layout: of("LayoutDuration") + of("RecalcStyleDuration") };
  };
  const before = await read();
  await act();
  const after = await read();
  const each = (name: "script" | "layout") => (((after[name] - before[name]) * 1_000) / MOVES).toFixed(2);
  return `${each("script")} ms of scripts and ${each("layout")} ms of layout for each move`;
}

async function boxOf(page: Page) {
  const box = await page.getByRole("img", { name: "training, held out" }).first().boundingBox();
  if (!box) throw new Error("the chart of the loss is not there");
  return { left: box.x + 70, width: box.width - 100, y: box.y + box.height / 2 };
}

async function hover(page: Page) {
  const { left, width, y } = await boxOf(page);
  for (let move = 0; move < MOVES; move += 1) {
    await page.mouse.move(left + (width * move) / MOVES, y + 10 * Math.sin(move));
    await page.evaluate(FRAME);
  }
}

async function brush(page: Page) {
  const { left, width, y } = await boxOf(page);
  await page.mouse.move(left + width * 0.2, y);
  await page.mouse.down();
  for (let move = 0; move < MOVES; move += 1) {
    await page.mouse.move(left + width * (0.2 + (0.5 * move) / MOVES), y);
    await page.evaluate(FRAME);
  }
  await page.mouse.up();
  await page.evaluate(FRAME);
}

async function smoothen(page: Page) {
  await page.getByRole("slider").focus();
  for (let move = 0; move < 19; move += 1) {
    await page.keyboard.press("ArrowRight");
    await page.evaluate(FRAME);
  }
}

const folder = await mkdtemp(join(tmpdir(), "treadle-curves-bench-"));
const visitor = await startVisitor({ TREADLE_TRAINER_PYTHON: await writeFakePython(folder) });
try {
  const client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
  const source = join(folder, "tiny-random.gguf");
  await writeTinyModel(source);
  const { modelId } = await pullModel(client, source);
  await makeChats(client, "chats", 24);
  const trainingRunId = await train(client, modelId);
  const first = await readCurves(client, trainingRunId);
  const second = await readCurves(client, trainingRunId);
  const most = Math.max(...first.series.map(({ total }) => total));
  console.log(`${most.toLocaleString("en")} points on each of ${first.series.length} curves`);
  console.log(`the API: ${first.ms.toFixed(0)} ms the first time, ${second.ms.toFixed(0)} ms after that`);
  const page = await visitor.open({ path: `/training/${trainingRunId}?project=${visitor.projects.own}` });
  await page.getByRole("img", { name: "training, held out" }).first().waitFor();
  await page.waitForTimeout(1_000);
  await page.evaluate(WATCH);
  console.log(`nothing done for 2 s: ${await framesOf(page, () => page.waitForTimeout(2_000))}`);
  console.log(`hovering: ${await framesOf(page, () => hover(page))}`);
  console.log(`hovering: ${await workOf(page, () => hover(page))}`);
  console.log(`brushing: ${await framesOf(page, () => brush(page))}`);
  console.log(`smoothing: ${await framesOf(page, () => smoothen(page))}`);
} finally {
  await visitor.close();
  await rm(folder, { recursive: true, force: true });
}
