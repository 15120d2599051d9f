import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { recordSpan } from "../furnish/record-span.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const LONG = { timeout: 240_000 };
const EXAMPLE = join(import.meta.dirname, "../../../examples/feedback-widget/serve.ts");

describe.runIf(hasChromium)("feedback", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  let example: ChildProcess;
  let exampleUrl: string;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
    const { url: TREADLE_URL, apiKey: TREADLE_API_KEY } = visitor.treadle;
    const { baseUrl } = provider;
    await createClient({ baseUrl: TREADLE_URL, apiKey: TREADLE_API_KEY }).call("POST /api/v1/connections", {
      body: { slug: "scripted", preset: "vllm", baseUrl, models: ["echo-1"], keys: [{ value: "sk-of-the-journey" }] },
    });
    const env = { PATH: process.env.PATH, PORT: "0", TREADLE_URL, TREADLE_API_KEY, TREADLE_MODEL: "scripted/echo-1" };
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
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });
  const list = async () => {
    const { url: baseUrl, apiKey } = visitor.treadle;
    return (await createClient({ baseUrl, apiKey }).call("GET /api/v1/feedback", { query: {} })).items;
  };
  async function askInTheExample(question: string): Promise<Page> {
    const page = await visitor.open();
    await page.goto(exampleUrl);
    await page.getByLabel("Question").fill(question);
    await page.getByRole("button", { name: "Ask" }).click();
    await page.getByText("Was this helpful?").waitFor();
    return page;
  }

  test(
    "an end user of another site gives a thumb, changes it and adds words, and the trace shows them as text",
    LONG,
    async () => {
      const page = await askInTheExample("Where is Paris?");
      await page.getByRole("button", { name: "Yes, it was helpful" }).click();
      await page.getByText("Thank you for your feedback.").waitFor();
      await page.getByRole("button", { name: "No, it was not helpful" }).click();
      await page.getByLabel("Comment (optional)").fill("<img src=x onerror=alert(1)> wrong");
      await page.getByLabel("Correct answer").fill("In France.");
      await page.getByRole("button", { name: "Send" }).click();
      await expect.poll(async () => (await list())[0]?.comment ?? "", { timeout: 15_000 }).toContain("wrong");
      const given = await list();
      expect(given).toHaveLength(1);
      expect(given[0]).toMatchObject({
        name: "helpful",
        value: false,
        correction: "In France.",
        userId: "ada",
        source: "widget",
      });
      expect(await seriousIn(page)).toEqual([]);

      const trace = await open(`/traces/${given[0]?.target.traceId}`);
      const feedback = trace.getByRole("region", { name: "Feedback" });
      await feedback.getByText("<img src=x onerror=alert(1)> wrong").waitFor();
      await feedback.getByText("In France.").waitFor();
      await feedback.getByText("ada, End users").waitFor();
      expect(await trace.locator("img[src=x]").count()).toBe(0);
      expect(await seriousIn(trace)).toEqual([]);
    },
  );

  test("a widget whose token is of no use any more says so, and loses nothing", LONG, async () => {
    const page = await askInTheExample("And Rome?");
    await page.route("**/api/v1/public/feedback", (route) =>
      route.continue({ postData: (route.request().postData() ?? "").replace('"fbt_v1.', '"fbt_v1.x') }),
    );
    await page.getByRole("button", { name: "No, it was not helpful" }).click();
    await page.getByRole("alert").getByText("not valid on this server").waitFor();
    await page.unroute("**/api/v1/public/feedback");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Thank you for your feedback.").waitFor();
  });

  test(
    "a signed-in person configures a score, gives it on a trace, withdraws a thumb, and finds it in the list",
    LONG,
    async () => {
      const page = await open("/feedback");
      await page.getByRole("navigation", { name: "Feedback" }).getByRole("link", { name: "Scores" }).click();
      await page.getByRole("button", { name: "New score" }).first().click();
      const form = page.getByRole("form", { name: "Score" });
      await form.getByLabel("Name").fill("tone");
      await form.getByLabel("Type").selectOption("category");
      await form.getByLabel("Category 1", { exact: true }).fill("kind");
      await form.getByLabel("Category 2", { exact: true }).fill("rude");
      await form.getByRole("button", { name: "Create" }).click();
      await page.getByRole("table", { name: "Scores" }).getByText("kind, rude").waitFor();
      expect(await seriousIn(page)).toEqual([]);

      const [first] = await list();
      await page.goto(`${visitor.treadle.url}/traces/${first?.target.traceId}?project=${visitor.projects.own}`);
      const feedback = page.getByRole("region", { name: "Feedback" });
      await feedback.getByRole("button", { name: "Helpful", exact: true }).click();
      await page.getByText("Marked as helpful").waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await expect
        .poll(() => feedback.getByRole("button", { name: "Helpful", exact: true }).getAttribute("aria-pressed"))
        .toBe("false");
      await feedback.getByRole("button", { name: "Give feedback…" }).click();
      const dialog = page.getByRole("form", { name: "Feedback" });
      await dialog.getByLabel("Score").selectOption("tone");
      await dialog.getByLabel("tone", { exact: true }).selectOption("rude");
      await dialog.getByLabel("Comment").fill("Too short.");
      await dialog.getByRole("button", { name: "Save" }).click();
      await feedback.getByText("Too short.").waitFor();
      await expect.poll(async () => (await list()).some(({ name }) => name === "tone"), { timeout: 15_000 }).toBe(true);

      await page.goto(`${visitor.treadle.url}/feedback?project=${visitor.projects.own}&value=rude`);
      const table = page.getByRole("table", { name: "Feedback" });
      await table.getByText("Too short.").waitFor();
      await expect.poll(() => table.getByRole("row").count()).toBe(2);
      await table.getByRole("link", { name: "Open trace of tone" }).click();
      await page.getByRole("region", { name: "Feedback" }).getByText("Too short.").waitFor();
      expect(visitor.troubles).toEqual([]);
    },
  );

  test("a session shows its feedback, and each turn shows the turn's feedback", LONG, async () => {
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const sessionId = "chat-7";
    const first = await recordSpan(visitor.treadle, { name: "first turn", sessionId });
    await recordSpan(visitor.treadle, { name: "second turn", sessionId });
    const give = (target: object, said: object) => call("POST /api/v1/feedback", { body: { target, ...said } });
    await give({ traceId: first }, { name: "helpful", value: false, comment: "<i>Too vague</i>", userId: "bob" });
    await give({ sessionId }, { name: "solved", value: true, comment: "In the end.", userId: "bob" });
    await expect.poll(async () => (await list()).filter(({ userId }) => userId === "bob").length, LONG).toBe(2);
    const page = await open(`/sessions/${sessionId}`);
    const ofSession = page.getByRole("region", { name: "Feedback on the session" });
    await ofSession.getByText("In the end.").waitFor();
    expect(await ofSession.getByRole("listitem").count()).toBe(1);
    const turn = page.getByRole("listitem").filter({ hasText: "first turn" });
    await turn.getByRole("region", { name: "Feedback" }).getByText("<i>Too vague</i>").waitFor();
    expect(await page.getByRole("region", { name: "Feedback", exact: true }).count()).toBe(2);
    expect(await seriousIn(page)).toEqual([]);
    expect(visitor.troubles).toEqual([]);
  });

  test("on the page of a session a thumb, a score and words are given, on all of it and on a turn", LONG, async () => {
    const sessionId = "chat-8";
    const traceId = await recordSpan(visitor.treadle, { name: "only turn", sessionId });
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const sessions = async () => (await call("GET /api/v1/sessions", { query: {} })).items;
    await expect.poll(async () => (await sessions()).some((one) => one.sessionId === sessionId), LONG).toBe(true);
    const page = await open(`/sessions/${sessionId}`);
    const ofSession = page.getByRole("region", { name: "Feedback on the session" });
    const ofTurn = page.getByRole("region", { name: "Feedback", exact: true });
    await ofSession.getByRole("button", { name: "Helpful", exact: true }).click();
    await ofSession.getByRole("button", { name: "Helpful", exact: true, pressed: true }).waitFor();
    expect(await ofTurn.getByRole("button", { pressed: true }).count()).toBe(0);
    await ofTurn.getByRole("button", { name: "Not helpful" }).click();
    await ofTurn.getByRole("button", { name: "Not helpful", pressed: true }).waitFor();
    await ofSession.getByRole("button", { name: "Give feedback…" }).click();
    await page.getByText("It is stored as a score of this session").waitFor();
    const dialog = page.getByRole("form", { name: "Feedback" });
    await dialog.getByLabel("Score").selectOption("tone");
    await dialog.getByLabel("tone", { exact: true }).selectOption("kind");
    await dialog.getByLabel("Comment").fill("<b>Patient</b> to the end.");
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await ofSession.getByText("<b>Patient</b> to the end.").waitFor();
    const given = async () =>
      (await list()).filter(({ target }) => target.sessionId === sessionId || target.traceId === traceId);
    await expect.poll(async () => (await given()).length, { timeout: 15_000 }).toBe(3);
    const ofWhole = (await given()).filter(({ target }) => target.traceId === "");
    expect(ofWhole.map(({ name, value }) => [name, value]).sort()).toEqual([
      ["helpful", true],
      ["tone", "kind"],
    ]);
    // A user who opens the page later sees the feedback and can withdraw it there.
    await page.reload();
    await ofTurn.getByRole("button", { name: "Not helpful", pressed: true }).waitFor();
    await ofSession.getByRole("button", { name: "Helpful", exact: true, pressed: true }).click();
    await page.getByText("Removed helpful").waitFor();
    await expect.poll(async () => (await given()).length, { timeout: 15_000 }).toBe(2);
    expect(await seriousIn(page)).toEqual([]);
    expect(visitor.troubles).toEqual([]);
  });
});
