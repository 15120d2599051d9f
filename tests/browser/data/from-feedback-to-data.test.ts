import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Client, createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import {
  type Asked,
  addSpans,
  answerByKeys,
  askAndJudge,
  makeQueue,
  makeRows,
  RIGHT,
  settleDisputes,
} from "../furnish/people-journey.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const LONG = { timeout: 240_000 };
const EXAMPLE = join(import.meta.dirname, "../../../examples/feedback-widget/serve.ts");
const QUEUE = "Not found helpful";
/**
 * With the name of a local model, such as smollm2-135m-instruct, the test uses the model's own answers. With a folder,
 * it writes the exported files there for tests/compat/trl/load-rows.py.
 */
const { TREADLE_JOURNEY_MODEL: LOCAL_MODEL = "", TREADLE_JOURNEY_FOLDER: FOLDER = "" } = process.env;

const ASKED: readonly Asked[] = [
  {
    question: "Where is Paris?",
    isHelpful: false,
    correction: "In France.",
    said: ["Paris is in France.", "Paris is in France.", "Paris is the capital of France."],
  },
  {
    question: "Who wrote Faust?",
    isHelpful: false,
    settled: "Goethe wrote Faust, in two parts.",
    said: ["Goethe wrote Faust.", true, true],
  },
  { question: "What is two and two?", isHelpful: false, said: [true, true, true] },
  {
    question: "Why is the sky blue?",
    isHelpful: false,
    settled: true,
    said: [true, "Air scatters blue light most.", true],
  },
  { question: "Is water wet?", isHelpful: true, said: [] },
];
const TO_PEOPLE = ASKED.filter(({ isHelpful }) => !isHelpful);
const PEOPLE = ["Ada", "Grace", "Alan"];
const SHAPES = { sft: "openai-chat", dpo: "trl-preference", kto: "kto" } as const;
type Shape = keyof typeof SHAPES;

describe.runIf(hasChromium)("from feedback to data", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  let example: ChildProcess;
  let exampleUrl: string;
  let call: Client["call"];
  let queueId = "";
  const answers = new Map<string, { question: string; answer: string; spanId: string }>();
  const datasets = new Map<Shape, string>();

  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor(LOCAL_MODEL ? { TREADLE_DEFAULT_MODEL: LOCAL_MODEL } : undefined);
    const { url: TREADLE_URL, apiKey: TREADLE_API_KEY } = visitor.treadle;
    ({ call } = createClient({ baseUrl: TREADLE_URL, apiKey: TREADLE_API_KEY }));
    const { baseUrl } = provider;
    await call("POST /api/v1/connections", {
      body: { slug: "scripted", preset: "vllm", baseUrl, models: ["echo-1"], keys: [{ value: "sk-of-the-journey" }] },
    });
    await call("PUT /api/v1/feedback-settings", { body: { isStrict: false, defaultConsent: true } });
    const TREADLE_MODEL = LOCAL_MODEL || "scripted/echo-1";
    const env = { PATH: process.env.PATH, PORT: "0", TREADLE_URL, TREADLE_API_KEY, TREADLE_MODEL };
    example = spawn(process.execPath, [EXAMPLE], { env, stdio: ["ignore", "pipe", "inherit"] });
    exampleUrl = await new Promise((resolve, reject) => {
      example.stdout?.on("data", (text) => resolve(String(text).trim()));
      example.once("exit", () => reject(new Error("the example ended")));
    });
  }, LONG.timeout);
  afterAll(async () => {
    example?.kill();
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string) =>
    visitor.open({ path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const stateOfModel = async () =>
    (await call("GET /api/v1/models")).items.find(({ modelId }) => modelId === LOCAL_MODEL)?.state ?? "none";
  const feedbackOf = async (query: object) => (await call("GET /api/v1/feedback", { query })).items;

  test("end users ask through the gateway, and say by the widget what the answers were worth", {
    timeout: LOCAL_MODEL ? 800_000 : LONG.timeout,
  }, async () => {
    if (LOCAL_MODEL) await expect.poll(stateOfModel, { timeout: 300_000, interval: 1_000 }).toBe("ready");
    const page = await visitor.open();
    await page.goto(exampleUrl);
    for (const one of ASKED) await askAndJudge(page, one);
    await page.context().close();
    await expect.poll(async () => (await feedbackOf({ has: "value" })).length, LONG).toBe(ASKED.length);
    await expect.poll(async () => (await feedbackOf({ has: "correction" })).length, LONG).toBe(1);
    for (const { target } of await feedbackOf({})) {
      const { traceId, spanId } = target;
      const span = await call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } });
      const [asked, answer] = [textOf(span.input), textOf(span.output)];
      expect(asked).not.toBe("");
      expect(answer).not.toBe("");
      answers.set(traceId, { question: asked, answer, spanId });
    }
    expect([...answers.values()].map(({ question }) => question).sort()).toEqual(
      ASKED.map(({ question }) => question).sort(),
    );
  });

  test("three members answer its queue, each by keyboard in a separate browser", LONG, async () => {
    const owner = await open("/annotation/new");
    queueId = await makeQueue(owner, QUEUE);
    await addSpans(owner, "score.helpful<1", TO_PEOPLE.length);
    await owner.context().close();
    const answering = PEOPLE.map(async (name, person) => {
      const { signInPath } = await call("POST /api/v1/members", {
        body: { name, email: `${name.toLowerCase()}@example.com`, role: "member" },
      });
      const page = await visitor.openStranger(signInPath);
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      await page.goto(`${visitor.treadle.url}/annotation/${queueId}/answer`);
      await answerByKeys(page, TO_PEOPLE, person);
      await page.context().close();
    });
    await Promise.all(answering);
    const queue = await call("GET /api/v1/annotation-queues/:queueId", { params: { queueId } });
    expect(queue).toMatchObject({ overlap: 3, items: { total: 4, open: 0, done: 2, toReview: 2 } });
    const whole = await Promise.all((await itemsOf(queueId)).map(({ itemId }) => itemOf(itemId)));
    for (const item of whole)
      expect(item.answers.map(({ annotator }) => annotator.name).sort()).toEqual([...PEOPLE].sort());
  });
  const itemsOf = async (queue: string) =>
    (await call("GET /api/v1/annotation-queues/:queueId/items", { params: { queueId: queue }, query: { limit: 50 } }))
      .items;
  const itemOf = (itemId: string) => call("GET /api/v1/annotation-items/:itemId", { params: { itemId } });

  test(
    "a reviewer settles what they differ on, and what is true is published where judges are calibrated",
    LONG,
    async () => {
      const page = await open(`/annotation/${queueId}?tab=items&status=disputed`);
      await settleDisputes(page, TO_PEOPLE);
      await page.getByRole("tab", { name: /^Consensus$/ }).click();
      await page.getByRole("button", { name: "Majority" }).click();
      await page.getByText("4 items with an answer, 2 settled").waitFor(LONG);
      await page.getByRole("button", { name: "Publish…" }).click();
      const form = page.getByRole("form", { name: "Publish" });
      await form.getByLabel("Score name").fill("human");
      await form.getByRole("button", { name: "Publish" }).click();
      await page.getByText("Published 4 items").waitFor(LONG);
      await page.context().close();
      const { items } = await call("GET /api/v1/annotation-queues/:queueId/consensus", {
        params: { queueId },
        query: { question: keyOf(RIGHT), method: "majority" },
      });
      const rows = items.map(({ traceId, value }) => [answers.get(traceId ?? "")?.question, value]);
      expect(Object.fromEntries(rows)).toEqual({
        "Where is Paris?": false,
        "Who wrote Faust?": false,
        "What is two and two?": true,
        "Why is the sky blue?": true,
      });
      const judged = async () =>
        (await call("GET /api/v1/spans", { query: { filter: "score.human>=0" } })).items.length;
      await expect.poll(judged, LONG).toBe(4);
    },
  );

  test(
    "rows to fine-tune and to align with are made of it in the app, and each leads back to all of it",
    LONG,
    async () => {
      const page = await open("/preferences");
      // A queue that is not listed yet cannot be collected from.
      const listed = Promise.withResolvers<void>();
      await page.route("**/api/v1/annotation-queues?*", (route) => listed.promise.then(() => route.continue()));
      await page.reload();
      await page.getByRole("button", { name: "Collect" }).click();
      const collect = page.getByRole("dialog").getByRole("button", { name: "Collect" });
      await collect.waitFor();
      expect(await collect.isDisabled()).toBe(true);
      listed.resolve();
      await collect.click();
      await page.getByText(/^Found 4 pairs \(4 new\)/).waitFor(LONG);
      await makeRows(page, { from: `Queue ${QUEUE}`, shape: "sft", dataset: "people sft" });
      await makeRows(page, { from: "Collected preferences", shape: "dpo", dataset: "people dpo" });
      await makeRows(page, { from: "User feedback", shape: "kto", dataset: "people kto" });
      await page.context().close();
      for (const { datasetId, name } of (await call("GET /api/v1/datasets", { query: {} })).items) {
        const params = { datasetId };
        await call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message: "What people said." } });
        datasets.set(name.replace("people ", "") as Shape, datasetId);
      }
      const sft = await rowsOf("sft");
      expect(Object.fromEntries(sft.map(({ source, expected }) => [questionAt(source), expected]))).toEqual({
        "Where is Paris?": assistantMessage("Paris is in France."),
        "Who wrote Faust?": assistantMessage("Goethe wrote Faust, in two parts."),
        "What is two and two?": assistantMessage(answerTo("What is two and two?")),
        "Why is the sky blue?": assistantMessage(answerTo("Why is the sky blue?")),
      });
      const dpo = await rowsOf("dpo");
      for (const { source, expected } of dpo)
        expect(expected).toMatchObject({ rejected: [assistantMessage(answerTo(questionAt(source) ?? ""))] });
      const chosen = dpo.map(({ expected }) => (expected as { chosen: { content: string }[] }).chosen[0]?.content);
      expect(chosen.sort()).toEqual([
        "Goethe wrote Faust, in two parts.",
        "In France.",
        "Paris is in France.",
        "Paris is the capital of France.",
      ]);
      for (const row of [...sft, ...dpo]) await checkLinks(row);
      // The corrected answer makes two rows: one with and one without the correction.
      expect(await rowsOf("kto")).toHaveLength(ASKED.length + 1);
    },
  );
  const assistantMessage = (content: string) => ({ role: "assistant", content });
  const answerTo = (question: string) =>
    [...answers.values()].find((one) => one.question === question)?.answer ?? `no answer to ${question}`;
  const questionAt = (source: Row["source"]) =>
    "traceId" in source ? answers.get(source.traceId ?? "")?.question : "";
  type Row = Awaited<ReturnType<typeof rowsOf>>[number];
  const rowsOf = async (shape: Shape) => {
    const params = { datasetId: datasets.get(shape) ?? "" };
    return (await call("GET /api/v1/datasets/:datasetId/items", { params, query: { limit: 50 } })).items;
  };

  /** Checks that a row links to its trace, the annotators of its item, and the end user's feedback. */
  async function checkLinks({ source, inputs, metadata }: Row) {
    if (!("traceId" in source)) throw new Error("the row has no trace");
    const traceId = source.traceId ?? "";
    const asked = answers.get(traceId);
    expect(source).toMatchObject({ kind: "feedback", spanId: asked?.spanId });
    expect(inputs).toMatchObject({ messages: [{ role: "user", content: asked?.question }] });
    const { sourceIds = [], feedbackIds = [] } = metadata as { sourceIds?: string[]; feedbackIds?: string[] };
    expect(feedbackIds.length).toBeGreaterThan(0);
    for (const feedbackId of feedbackIds) {
      const given = await call("GET /api/v1/feedback/:feedbackId", { params: { feedbackId } });
      expect(given).toMatchObject({ target: { traceId }, source: "widget", userId: "ada", isCurrent: true });
    }
    const [itemId = "", ...answerIds] = sourceIds;
    if (feedbackIds.includes(itemId)) return;
    const item = await itemOf(itemId);
    expect(item.source).toMatchObject({ traceId, spanId: asked?.spanId });
    expect(answerIds.length).toBeGreaterThan(0);
    expect(item.answers.map(({ answerId }) => answerId)).toEqual(expect.arrayContaining(answerIds));
  }

  test("the exported files have the columns that trl reads, and lead back as well", LONG, async () => {
    if (FOLDER) await mkdir(FOLDER, { recursive: true });
    for (const [shape, as] of Object.entries(SHAPES) as [Shape, (typeof SHAPES)[Shape]][])
      for (const format of ["jsonl", "parquet"] as const) {
        const file = await exportFile(shape, { version: "main", format, shape: as });
        if (FOLDER) await writeFile(join(FOLDER, `${shape}.${format}`), file);
        if (format === "parquet") expect(file.subarray(0, 4).toString()).toBe("PAR1");
        else checkLines(shape, file.toString());
      }
  });
  function checkLines(shape: Shape, text: string) {
    const rows = text
      .trim()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    const messages = expect.arrayContaining([{ role: expect.any(String), content: expect.any(String) }]);
    const columns = {
      sft: { messages },
      dpo: { prompt: messages, chosen: messages, rejected: messages },
      kto: { prompt: messages, completion: messages, label: expect.any(Boolean) },
    }[shape];
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) {
      expect(row).toMatchObject(columns);
      expect(row.metadata).toMatchObject({ sourceIds: expect.any(Array), feedbackIds: expect.any(Array) });
    }
  }
  async function exportFile(shape: Shape, body: Parameters<typeof startExport>[1]): Promise<Buffer> {
    const { jobId } = await startExport(datasets.get(shape) ?? "", body);
    const result = async () => (await call("GET /api/v1/jobs/:jobId", { params: { jobId } })).result;
    await expect.poll(result, LONG).toMatchObject({ fileId: expect.any(String), skipped: 0 });
    const { fileId } = (await result()) as { fileId: string };
    const headers = { authorization: `Bearer ${visitor.treadle.apiKey}` };
    const response = await fetch(`${visitor.treadle.url}/api/v1/dataset-files/${fileId}/content`, { headers });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  }
  const startExport = (
    datasetId: string,
    body: { version: string; format: "jsonl" | "parquet"; shape: (typeof SHAPES)[Shape] },
  ) => call("POST /api/v1/datasets/:datasetId/exports", { params: { datasetId }, body });

  test("no page complained", () => expect(visitor.troubles).toEqual([]));
});

/** The text of a span's only message. */
function textOf(messages: unknown): string {
  const [message] = Array.isArray(messages) ? messages : [];
  const { parts, content } = Object(message) as { parts?: { content?: string }[]; content?: string };
  return parts?.[0]?.content ?? content ?? "";
}

/** The key of a question in the answers, derived from its title. */
const keyOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "_")
    .replace(/_$/, "");
