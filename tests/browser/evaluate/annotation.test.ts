import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { furnishAnnotation } from "../furnish/furnish-annotation.ts";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 30_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("annotation", () => {
  let visitor: Visitor;
  let queues: Readonly<Record<string, string>>;
  beforeAll(async () => {
    visitor = await startVisitor();
    queues = await furnishAnnotation(visitor.treadle);
  }, LONG.timeout);
  afterAll(() => visitor?.close());
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const client = () => createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });

  async function answersOf(queueId: string) {
    const { call } = client();
    const { items } = await call("GET /api/v1/annotation-queues/:queueId/items", {
      params: { queueId },
      query: { limit: 100 },
    });
    const whole = await Promise.all(
      items.map(({ itemId }) => call("GET /api/v1/annotation-items/:itemId", { params: { itemId } })),
    );
    return whole.flatMap(({ answers }) => answers.filter(({ isCurrent }) => isCurrent));
  }

  /** Waits until the server has stored all answers. */
  const untilStored = async (queueId: string, count: number) =>
    expect.poll(async () => (await answersOf(queueId)).length, WORK).toBe(count);

  test("on a desktop, a whole queue is answered with one key per item, and an answer is undone", LONG, async () => {
    const queueId = queues[":queue2"] ?? "";
    const page = await open("/annotation");
    await page.getByRole("link", { name: "Answer Which answer is better" }).press("Enter");
    const questions = page.getByRole("complementary", { name: "Questions" });
    await questions.waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press("1");
    await untilStored(queueId, 1);
    await page.keyboard.press("u");
    await expect.poll(() => questions.getByRole("button", { pressed: true }).count(), WORK).toBe(1);
    await page.keyboard.press("2");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    for (const key of ["1", "3", "2", "1", "2"]) {
      await questions.waitFor(WORK);
      await page.keyboard.press(key);
    }
    await page.getByText("No items left for you").waitFor(WORK);
    await untilStored(queueId, 6);
    const answers = await answersOf(queueId);
    expect(answers.every(({ answers: { better } }) => better === "a" || better === "b" || better === "tie")).toBe(true);
    expect(answers.filter(({ answers: { better } }) => better === "tie")).toHaveLength(1);
  });

  test("on a phone every kind of question is answered by keys alone", LONG, async () => {
    const queueId = queues[":queue3"] ?? "";
    const page = await open(`/annotation/${queueId}/answer`, 390);
    await page.getByRole("complementary", { name: "Questions" }).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
    await answerEvery(page);
    await untilStored(queueId, 1);
    const [answer] = await answersOf(queueId);
    expect(answer?.answers).toMatchObject({
      topics: ["delivery", "payment"],
      claims: [{ start: 0, end: 5, label: "fact" }],
      rubric: { clear: 4, kind: 2 },
      causes: [["warehouse"], ["carrier"], ["customer"]],
      note: "late",
    });
    expect(String(answer?.answers.better)).toMatch(/^Soon\. /);
    await page.keyboard.press("s");
    await page.getByText("No items left for you").waitFor(WORK);
  });

  async function answerEvery(page: Page) {
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press("Enter");
    await page.getByText("Choose at least 1.").waitFor(WORK);
    await press("1", "2", "ArrowDown");
    // The text to mark. A cursor inside a word selects the word.
    await press("e", "Control+Home", "1", "Escape", "ArrowDown");
    await press("4", "2");
    await press("2", "1", "3", "ArrowDown");
    await press("e", "Control+Home");
    await page.keyboard.type("Soon. ");
    await press("Escape", "ArrowDown", "e");
    await page.keyboard.type("late");
    await press("Control+Enter");
  }

  test("an answer that is given while the network is away is sent when it is back", LONG, async () => {
    const { call } = client();
    const { queueId } = await call("POST /api/v1/annotation-queues", {
      body: { name: "Offline", goldRate: 0, questions: [{ type: "binary", key: "right", title: "Right?" }] },
    });
    const items = ["one", "two"].map((key) => ({
      key,
      content: { fields: [{ key: "output", kind: "text" as const, value: key }] },
    }));
    await call("POST /api/v1/annotation-queues/:queueId/items", {
      params: { queueId },
      body: { from: "custom", items },
    });
    const page = await open(`/annotation/${queueId}/answer`);
    await page.getByRole("complementary", { name: "Questions" }).waitFor(WORK);
    await page.context().setOffline(true);
    await page.keyboard.press("1");
    await page.getByText("The server is not responding.").first().waitFor(WORK);
    expect(await answersOf(queueId)).toEqual([]);
    await page.context().setOffline(false);
    await untilStored(queueId, 1);
  });

  test("a reviewer settles a dispute, and a slower reviewer is notified", LONG, async () => {
    const queueId = queues[":queue1"] ?? "";
    const page = await open(`/annotation/${queueId}?tab=items&status=disputed`);
    await page.getByRole("table", { name: "Items" }).getByRole("button").first().click(WORK);
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("heading", { name: "Final answer" }).waitFor(WORK);
    await sheet.getByRole("table").getByText("Grace Hopper").waitFor();
    // All disputed answers are visible, and the form preselects none.
    const table = await sheet.getByRole("table").boundingBox();
    const box = await sheet.getByRole("region", { name: "Answers" }).boundingBox();
    expect(await sheet.getByRole("table").getByRole("row").count()).toBeGreaterThan(2);
    expect(box?.height ?? 0).toBeGreaterThanOrEqual(table?.height ?? Number.POSITIVE_INFINITY);
    expect(await sheet.getByRole("button", { pressed: true }).count()).toBe(0);
    expect(await sheet.getByRole("radio", { checked: true }).count()).toBe(0);
    await sheet.getByRole("button", { name: "Use answer of Grace Hopper" }).click();
    await expect.poll(() => sheet.getByRole("button", { pressed: true }).count(), WORK).toBeGreaterThan(0);
    expect(await seriousIn(page)).toEqual([]);
    const itemId = new URL(page.url()).searchParams.get("item") ?? "";
    await client().call("POST /api/v1/annotation-items/:itemId/adjudications", {
      params: { itemId },
      body: { answers: { right: true, tone: 5 }, reason: "It says nothing wrong.", seenVersion: 0 },
    });
    await sheet.getByRole("button", { name: "Settle" }).click();
    await sheet.getByRole("heading", { name: "Settled" }).waitFor(WORK);
    await expect.poll(() => sheet.getByText("settled", { exact: false }).count(), WORK).toBeGreaterThan(0);
    const item = await client().call("GET /api/v1/annotation-items/:itemId", { params: { itemId } });
    expect(item.adjudications.map(({ reason }) => reason)).toEqual(["It says nothing wrong."]);
  });

  test("an agreement that cannot be measured is a dash with the reason", LONG, async () => {
    const page = await open(`/annotation/${queues[":queue1"]}?tab=agreement&slice=channel`);
    await page
      .getByRole("table", { name: /^Agreement on/ })
      .first()
      .waitFor(WORK);
    await page
      .getByRole("cell", { name: /^— \w+/ })
      .first()
      .waitFor(WORK);
    expect(await page.getByText("undefined", { exact: true }).count()).toBe(0);
  });

  test(
    "a queue is made in the app, with what is wrong told at its question, and takes items that are pasted",
    LONG,
    async () => {
      const page = await open("/annotation/new");
      const form = page.getByRole("form", { name: "Queue" });
      await form.getByLabel("Name").fill("Made here");
      await form.getByRole("button", { name: "Label", exact: true }).click();
      await form.getByLabel("Options").fill("only one");
      await form.getByRole("button", { name: "Create queue" }).click();
      await form.getByText("Enter at least two options, one per line.").waitFor(WORK);
      await form.getByLabel("Options").fill("billing\ndelivery");
      await form.getByRole("button", { name: "Create queue" }).click();
      await page.getByText("No items yet").waitFor(WORK);
      await page.getByRole("button", { name: "Add items" }).first().click();
      const add = page.getByRole("form", { name: "Items" });
      await add.getByRole("button", { name: "Custom" }).click();
      await add.getByRole("textbox", { name: /^Items/ }).fill('{"input": "Where is it?"}\nnonsense');
      await add.getByRole("button", { name: "Add", exact: true }).click();
      await add.getByText("Line 2 is not JSON.").waitFor(WORK);
      await add.getByRole("textbox", { name: /^Items/ }).fill('{"input": "Where is it?"}\n{"input": "<b>Pay</b>"}');
      await add.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("Added 2 items").waitFor(WORK);
      await page.getByRole("tab", { name: /^Items/ }).click();
      await page.getByText("<b>Pay</b>").waitFor(WORK);
      for (const name of ["agreement", "people", "settings"]) {
        await page.getByRole("tab", { name }).click();
        await page.waitForTimeout(300);
        expect(await seriousIn(page), name).toEqual([]);
      }
      await page.context().close();
    },
  );

  test("one truth comes out of the answers and becomes the expected output of a dataset's draft", LONG, async () => {
    const { call } = client();
    const queueId = queues[":queue1"] ?? "";
    const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "agreed" } });
    const page = await open(`/annotation/${queueId}?tab=consensus`);
    const table = page.getByRole("table", { name: "Consensus" });
    await table.getByText("yes").first().waitFor(WORK);
    await page.getByRole("button", { name: "Majority" }).click();
    await page.getByText("6 items with an answer").waitFor(WORK);
    expect(await page.getByRole("columnheader", { name: "Reliability" }).count()).toBe(0);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "MACE" }).click();
    const people = page.getByRole("table", { name: "People" });
    await people.getByRole("columnheader", { name: "Reliability" }).waitFor(WORK);
    const ada = people.getByRole("row").filter({ hasText: "Ada Lovelace" });
    // The previous truths are shown until MACE has finished.
    await expect.poll(() => ada.getByRole("cell").last().textContent(), WORK).toMatch(/^\d+(\.\d+)?%$/);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Majority" }).click();
    await page.getByRole("button", { name: "Publish…" }).click();
    const form = page.getByRole("form", { name: "Publish" });
    await form.getByRole("button", { name: "Expected output" }).click();
    await form.getByRole("button", { name: "Publish" }).click();
    await page.getByText(/Published \d items/).waitFor(WORK);
    const draft = await call("GET /api/v1/datasets/:datasetId/draft", {
      params: { datasetId },
      query: { branch: "main" },
    });
    expect(draft.isDirty).toBe(true);
  });

  test(
    "how reliable somebody is, is told as unknown where there is nothing to tell it by, and long names fit",
    LONG,
    async () => {
      const queueId = queues[":queue1"] ?? "";
      const page = await open(`/annotation/${queueId}?tab=consensus`, 390);
      const name = "Augusta".repeat(12);
      await page.route("**/consensus?*", async (route) => {
        const answer = await route.fetch();
        const body = await answer.json();
        const raters = [
          { annotator: { actorId: "user_long", name }, votes: 0, accuracy: null, weight: null },
          ...body.raters,
        ];
        await route.fulfill({ response: answer, json: { ...body, raters } });
      });
      await page.getByRole("button", { name: "MACE" }).click();
      const row = page.getByRole("table", { name: "People" }).getByRole("row").filter({ hasText: name });
      await row.waitFor(WORK);
      expect(await row.getByRole("cell").last().textContent()).toBe("unknown");
      const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
      expect(overflow).toBeLessThanOrEqual(0);
      await page.unrouteAll({ behavior: "wait" });
      await page.context().close();
    },
  );

  test("sessions are chosen in their list, or opened, and come to people as whole conversations", LONG, async () => {
    const { call } = client();
    const { queueId } = await call("POST /api/v1/annotation-queues", {
      body: { name: "Conversations", questions: [{ type: "binary", key: "solved", title: "Was it solved?" }] },
    });
    for (const sessionId of ["talk-1", "talk-1", "talk-2"])
      await recordSpan(visitor.treadle, { name: "turn", sessionId });
    const spans = async () =>
      (await call("GET /api/v1/sessions", { query: { limit: 10 } })).items
        .filter(({ sessionId }) => sessionId.startsWith("talk-"))
        .reduce((sum, { spanCount }) => sum + spanCount, 0);
    await expect.poll(spans, WORK).toBe(3);
    const page = await open("/sessions");
    const table = page.getByRole("grid", { name: "Sessions" });
    await table.getByRole("row").filter({ hasText: "talk-1" }).getByRole("checkbox").check(WORK);
    await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Add to queue" }).click();
    const dialog = page.getByRole("dialog", { name: "Add to queue: 1 session" });
    await dialog.getByLabel("Queue").selectOption({ label: "Conversations" });
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Add" }).click();
    await page.getByText("Added 1 item").waitFor(WORK);
    for (const [sessionId, said] of [
      ["talk-2", "Added 1 item"],
      ["talk-1", "1 already in the queue"],
    ] as const) {
      await page.goto(`${visitor.treadle.url}/sessions/${sessionId}?project=${visitor.projects.own}`);
      await page.getByRole("button", { name: "Add to queue" }).click();
      await page.getByRole("dialog").getByLabel("Queue").selectOption({ label: "Conversations" });
      await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
      await page.getByText(said).waitFor(WORK);
    }
    const { items } = await call("GET /api/v1/annotation-queues/:queueId/items", {
      params: { queueId },
      query: { limit: 10 },
    });
    expect(items.map(({ source }) => source.sessionId).sort()).toEqual(["talk-1", "talk-2"]);
    await page.goto(`${visitor.treadle.url}/annotation/${queueId}/answer?project=${visitor.projects.own}`);
    await page.getByText("Conversation", { exact: true }).waitFor(WORK);
  });

  test("what is worth a minute is chosen among traces, with what the minutes bring", LONG, async () => {
    const queueId = queues[":queue1"] ?? "";
    for (let place = 0; place < 12; place += 1)
      await recordSpan(visitor.treadle, { name: `answer ${place}`, kind: "generation" });
    const page = await open(`/annotation/${queueId}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Select spans…" }).click();
    const form = page.getByRole("form", { name: "Span selection" });
    await form.getByLabel("Spans").fill("5");
    await form.getByLabel("Filter").fill("kind:(");
    await form.getByRole("button", { name: "Preview" }).and(page.locator(":disabled")).waitFor();
    await form.getByLabel("Filter").fill("");
    await form.getByRole("button", { name: "Preview" }).click();
    await form.getByText(/of annotation narrow/).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await form.getByRole("button", { name: "Add 5 items" }).click();
    await page.getByText(/Added 5 items/).waitFor(WORK);
  });

  test("no page complained", () => expect(visitor.troubles).toEqual([]));
});
