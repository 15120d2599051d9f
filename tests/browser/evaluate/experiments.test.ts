import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { type Furnished, furnishExperiments } from "../furnish/furnish-experiments.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

describe.runIf(hasChromium)("experiments and scorers", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  let furnished: Furnished;
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
    await createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey }).call(
      "POST /api/v1/connections",
      {
        body: {
          slug: "scripted",
          preset: "vllm",
          name: "A scripted server",
          baseUrl: provider.baseUrl,
          models: ["echo-1", "echo-2", "pairs-1"],
          keys: [{ value: "sk-of-the-journey" }],
        },
      },
    );
    furnished = await furnishExperiments(visitor.treadle);
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });

  test("a scorer is made of a kind, tried on an answer, stored, and changed into a second version", LONG, async () => {
    const page = await open("/scorers");
    await page.getByRole("table", { name: "Scorers" }).getByText("names the intent").waitFor();
    await page.keyboard.press("/");
    await page.getByLabel("Search scorers").fill("regular");
    await page.getByRole("link", { name: /^Regular expression/ }).click();
    await page.getByRole("heading", { name: "New scorer: Regular expression" }).waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("ends politely");
    await page.getByLabel("Pattern").fill("(thanks|please)");
    await page.getByLabel("Answer", { exact: true }).fill("Tell me more, please");
    await page.getByRole("button", { name: "Run test" }).click();
    const result = page.getByRole("region", { name: "Result" });
    await result.getByText("yes", { exact: true }).waitFor(WORK);
    await result.getByText("It matches: please").waitFor();
    await page.getByLabel("Answer", { exact: true }).fill("No.");
    await page.getByRole("button", { name: "Run test" }).click();
    await result.getByText("no", { exact: true }).waitFor(WORK);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "ends politely" }).waitFor();
    await page.getByLabel("Pattern").fill("(thanks|please)$");
    await page.getByLabel("Change note").fill("Only at the end");
    // A saved scorer is used immediately, even before the page has loaded it again.
    const loadedAnew = Promise.withResolvers<void>();
    await page.route(/\/api\/v1\/scorers\/scr_\w+$/, (route) => loadedAnew.promise.then(() => route.continue()));
    await page.getByRole("button", { name: "Save as version 2" }).click();
    await page.getByRole("region", { name: "Versions" }).getByText("Only at the end").waitFor();
    await page.getByRole("button", { name: /^Version 1/ }).click();
    await page.getByText("Version 1 of 2. Saving creates a new version with these settings").waitFor();
    loadedAnew.resolve();
  });

  test("a pattern that cannot be is refused at its field", LONG, async () => {
    const page = await open("/scorers/new?kind=regex");
    await page.getByRole("textbox", { name: "Name" }).fill("broken");
    await page.getByLabel("Pattern").fill("(never closed");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").first().waitFor(WORK);
    expect(new URL(page.url()).pathname).toBe("/scorers/new");
  });

  test("an experiment is written, estimated, started, and followed until it is done", LONG, async () => {
    const page = await open(`/experiments/new?dataset=${furnished.datasetId}`);
    await page.getByRole("textbox", { name: "Name", exact: true }).first().fill("journey");
    await page.getByRole("spinbutton", { name: /^Maximum items/ }).fill("60");
    const first = page.getByRole("group", { name: "Variant A", exact: true });
    await first.getByRole("combobox", { name: /^Model/ }).fill("scripted/echo-1");
    await first.getByRole("button", { name: "Custom messages" }).click();
    await first.getByLabel("Message 1", { exact: true }).fill("{{question}}");
    await page.getByRole("button", { name: "Duplicate variant A" }).click();
    const second = page.getByRole("group", { name: "Variant B", exact: true });
    await second.getByLabel("Message 1", { exact: true }).fill("{{hint}}");
    await page.getByRole("button", { name: "Add scorer" }).click();
    await page.getByLabel("Search scorers").fill("names the intent");
    await page.keyboard.press("Enter");
    // The list of scorers may still be loading. The form is complete without it.
    await page.getByRole("region", { name: "Scorers" }).getByText("names the intent").waitFor(WORK);
    const takes = page.getByRole("region", { name: "Estimate" });
    await takes.getByText("120", { exact: true }).waitFor(WORK);
    await page.getByRole("button", { name: "Start experiment" }).click();
    await page.getByRole("heading", { level: 1, name: "journey" }).waitFor(WORK);
    await page.getByText("● succeeded").waitFor(WORK);
    const variants = page.getByRole("table", { name: "Variants" });
    await variants.getByText("n 60").first().waitFor(WORK);
    expect(await variants.getByRole("row").count()).toBe(3);
    await variants.getByText("baseline").waitFor();
    await variants
      .getByText(/^(better|worse|equivalent|inconclusive)$/)
      .first()
      .waitFor(WORK);
  });

  test("a scorer that is taken by Enter before the list has come is taken once it has", LONG, async () => {
    const page = await open(`/experiments/new?dataset=${furnished.datasetId}`);
    let goOn = () => {};
    const isLetOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route(/\/api\/v1\/scorers\?/, async (route) => {
      await isLetOn;
      await route.continue();
    });
    await page.getByRole("button", { name: "Add scorer" }).click();
    await page.getByLabel("Search scorers").fill("names the intent");
    await page.keyboard.press("Enter");
    await page.getByText("Loading scorers…").waitFor();
    goOn();
    const scorers = page.getByRole("region", { name: "Scorers" });
    await scorers.getByText("names the intent").waitFor(WORK);
    expect(await page.getByLabel("Search scorers").count()).toBe(0);
  });

  test("answers are loaded once more when an experiment says before its job that it is over", LONG, async () => {
    const page = await visitor.open();
    let looks = 0;
    await page.route(/\/api\/v1\/experiments\/exp_\w+$/, async (route) => {
      const response = await route.fetch();
      const whole = await response.json();
      await route.fulfill({ response, json: looks++ === 0 ? { ...whole, status: "running" } : whole });
    });
    let lists = 0;
    await page.route(/\/api\/v1\/runs\/run_\w+\/items/, async (route) => {
      const response = await route.fetch();
      const whole = await response.json();
      await route.fulfill({ response, json: lists++ === 0 ? { ...whole, items: [], nextCursor: null } : whole });
    });
    // The job's status never arrives.
    await page.route(/\/api\/v1\/jobs\/job_\w+$/, () => {});
    await page.goto(
      `${visitor.treadle.url}/experiments/${furnished.experimentId}?tab=items&project=${visitor.projects.own}`,
    );
    await page.getByRole("grid", { name: "Answers" }).getByRole("row").nth(1).waitFor();
    expect(lists).toBeGreaterThan(1);
  });

  test(
    "a judge holds two runs against each other, and each verdict opens with the judge's own words",
    LONG,
    async () => {
      const [base, head] = furnished.runIds;
      const page = await open(`/experiments/compare?base=${base}&heads=${head}`);
      await page.getByRole("tab", { name: "Judge" }).click();
      await page.getByRole("combobox", { name: "Judge", exact: true }).waitFor(WORK);
      await page.getByRole("spinbutton", { name: /^Items/ }).fill("40");
      const form = page.getByRole("region", { name: "Compare answers with a judge" });
      // Forty pairs, each in both orders.
      await form.getByText("80", { exact: true }).waitFor(WORK);
      await page.getByRole("button", { name: "Start comparison" }).click();
      const result = page.getByRole("table", { name: "Pairs of runs" });
      await result.getByText("better", { exact: true }).waitFor(WORK);
      await page.getByRole("link", { name: "Compare runs" }).waitFor();
      expect(await seriousIn(page)).toEqual([]);
      await page.getByLabel("Outcome").selectOption("win");
      const verdicts = page.getByRole("table", { name: "Verdicts" });
      await verdicts.getByRole("row").nth(1).getByRole("button").click();
      const dialog = page.getByRole("dialog");
      await dialog
        .getByRole("region", { name: "hint first" })
        .getByText(/comes to the point/)
        .waitFor();
      expect(await dialog.getByRole("link", { name: "Open trace" }).count()).toBe(2);
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.goBack();
      await page.getByRole("region", { name: "Earlier comparisons" }).getByText("better answer").waitFor(WORK);
    },
  );

  test("a form that is not whole says what is missing and starts nothing", LONG, async () => {
    const page = await open("/experiments/new");
    const name = page.getByRole("textbox", { name: "Name", exact: true }).first();
    await name.fill("never started");
    await page.reload();
    expect(await name.inputValue()).toBe("never started");
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => name.inputValue()).toBe("");
    await page.getByText(/^The estimate appears when the form is complete/).waitFor();
    await page.getByRole("button", { name: "Start experiment" }).click();
    await page.getByText("Complete the missing fields in the form.").waitFor();
    await page.getByText("Choose a prompt.", { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/experiments/new");
  });

  test("answers are narrowed to what changed, walked through by keyboard, and lead to their traces", LONG, async () => {
    const { experimentId, runIds } = furnished;
    const page = await open(`/experiments/${experimentId}?tab=items&run=${runIds[1]}&base=${runIds[0]}`);
    const grid = page.getByRole("grid", { name: "Answers" });
    await grid.getByRole("row").nth(1).waitFor();
    await page.getByText("160 items", { exact: true }).waitFor();
    await page.getByLabel("Changed only").check();
    await expect
      .poll(async () => Number.parseInt((await page.getByText(/^\d+ items$/).textContent()) ?? "", 10))
      .toBeLessThan(160);
    await page.getByRole("button", { name: "Worst regressions first" }).click();
    await grid.getByText("▼ now wrong").first().waitFor(WORK);
    expect(new URL(page.url()).searchParams.get("changed")).toBe("any");
    expect(new URL(page.url()).searchParams.get("sort")).toBe("regression");

    await page.locator("body").click({ position: { x: 700, y: 5 } });
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const sheet = page.getByRole("complementary", { name: "Open item" });
    await sheet.getByRole("heading", { level: 2 }).waitFor();
    const one = await sheet.getByRole("heading", { level: 2 }).textContent();
    await page.keyboard.press("j");
    await expect.poll(() => sheet.getByRole("heading", { level: 2 }).textContent()).not.toBe(one);
    await sheet.getByLabel("Show differences").check();
    await sheet.getByRole("region", { name: "hint compared with question" }).waitFor();
    await sheet.getByLabel("Show differences").uncheck();
    await sheet.getByRole("region", { name: "Scores" }).getByText("names the intent").waitFor();
    await sheet
      .getByRole("region", { name: "Answer of hint" })
      .getByRole("link", { name: "Open trace" })
      .first()
      .click();
    await page.getByRole("heading", { level: 1 }).waitFor(WORK);
    expect(new URL(page.url()).pathname).toMatch(/^\/traces\//);
    await page.goBack();
    await sheet.waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => sheet.count()).toBe(0);
  });

  test("runs are compared with a verdict in a word, and the worst slice is named", LONG, async () => {
    const [base, head, other] = furnished.runIds;
    const page = await open(`/experiments/compare?base=${base}&heads=${head},${other}`);
    const table = page.getByRole("table", { name: "hint compared with question" });
    const row = table.getByRole("row").filter({ hasText: "names the intent" });
    await row.getByText(/^(better|worse|equivalent|inconclusive)$/).waitFor(WORK);
    await row.getByText(/pp$/).first().waitFor();
    await page.getByText(/corrected for multiple comparisons/).waitFor();
    await page.getByRole("button", { name: "Remove both, large model" }).click();
    await expect.poll(() => page.getByRole("table", { name: /compared with question$/ }).count()).toBe(1);
    await page.getByRole("tab", { name: "Slices" }).click();
    await page
      .getByText(/^Worst: /)
      .filter({ hasText: "topic = exchange rate" })
      .waitFor(WORK);
    await page.getByRole("table", { name: "Slices" }).getByText("exchange rate").click();
    await page.getByRole("button", { name: "Remove slice filter topic=exchange rate" }).waitFor();
    await page.getByText("32 items", { exact: true }).waitFor(WORK);
    await page.getByRole("tab", { name: "Cost and quality" }).click();
    await page.getByRole("region", { name: /^names the intent and cost/ }).waitFor(WORK);
  });

  test("what got worse goes to people, who are asked which of the two answers is better", LONG, async () => {
    const [base, head] = furnished.runIds;
    // Without a base, the answers of each run can be shown, and one of the runs becomes the base.
    const page = await open(`/experiments/compare?heads=${base},${head}&tab=items`);
    await page.getByLabel("Answers of").selectOption(`${head}`, WORK);
    await page.getByLabel("Compare with").selectOption(`${base}`);
    const reviewButton = page.getByRole("button", { name: /^Review \d+ regressions?$/ });
    await reviewButton.waitFor(WORK);
    const worse = Number(/\d+/.exec((await reviewButton.getAttribute("aria-label")) ?? "")?.[0]);
    expect(worse).toBeGreaterThan(0);
    await reviewButton.click();
    await page.getByRole("button", { name: "Create queue" }).click();
    await page.getByRole("button", { name: "Add", exact: true }).click(WORK);
    await page.getByText(`Added ${worse} item`).waitFor(WORK);
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    const { items: queues } = await call("GET /api/v1/annotation-queues", {
      query: { search: "Which answer is better" },
    });
    expect(queues).toMatchObject([{ questions: [{ type: "pairwise" }], items: { total: worse } }]);
  });

  test("the change that made a score fall is found from the comparison", LONG, async () => {
    const [question, , both] = furnished.runIds;
    const page = await open(`/experiments/compare?base=${both}&heads=${question}`);
    await page.getByRole("button", { name: "Find change" }).click();
    await page.getByRole("status").filter({ hasText: "Found." }).waitFor(WORK);
    const finding = page.getByRole("region", { name: "the messages" });
    await finding.getByText(/^−20\.0 pp \[/).waitFor();
    await finding.getByRole("table", { name: "Affected items" }).getByRole("row").nth(1).waitFor();
    await expect.poll(() => page.getByRole("list", { name: "Changes" }).getByRole("listitem").count()).toBe(2);
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    await expect.poll(() => page.evaluate(over), WORK).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await finding.getByRole("link", { name: "Compare before and after" }).click();
    await page.getByRole("table", { name: /compared with/ }).waitFor(WORK);
  });

  test("a scorer is held against what people said, and its rate is shown corrected", LONG, async () => {
    const page = await open(`/scorers/${furnished.scorerId}?tab=calibration`);
    await page.getByRole("table", { name: "Agreement" }).getByText("κ (Cohen)").waitFor(WORK);
    await page.getByRole("region", { name: "Confusion matrix" }).waitFor();
    await page
      .getByRole("combobox", { name: "Run", exact: true })
      .selectOption({ label: "question · hints or questions" });
    await page.getByRole("textbox", { name: "Human rating" }).fill("metadata.nobody");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByRole("alert").first().waitFor(WORK);
    await page.getByRole("textbox", { name: "Human rating" }).fill("metadata.human");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await expect
      .poll(() => page.getByRole("region", { name: "Calibrations" }).getByRole("listitem").count(), WORK)
      .toBe(2);
    await page.goto(`${visitor.treadle.url}/experiments/${furnished.experimentId}?project=${visitor.projects.own}`);
    await page
      .getByRole("table", { name: "Variants" })
      .getByText(/^corrected /)
      .first()
      .waitFor(WORK);
  });

  test("a run is saved as a file, and a plan says how many items a difference takes", LONG, async () => {
    const page = await open(`/experiments/${furnished.experimentId}`);
    await page.getByRole("button", { name: "Export" }).click();
    const coming = page.waitForEvent("download", WORK);
    await page.getByRole("menuitem", { name: /^CSV/ }).first().click();
    expect((await coming).suggestedFilename()).toMatch(/\.csv$/);
    await page.goto(`${visitor.treadle.url}/experiments/plan?project=${visitor.projects.own}`);
    await page.getByRole("heading", { name: /^About [\d,]+ items$/ }).waitFor(WORK);
    await page.getByLabel("Smallest relevant difference").fill("0.2");
    await expect.poll(() => new URL(page.url()).searchParams.get("difference")).toBe("0.2");
    await page.getByRole("table", { name: "Items and repeats" }).waitFor();
  });

  test.each([
    "/scorers",
    "/scorers/new",
    "/scorers/new?kind=rubric",
    "/scorers/:scorer",
    "/scorers/:scorer?tab=calibration",
    "/experiments",
    "/experiments/new",
    "/experiments/plan",
    "/experiments/leaderboard",
    "/experiments/compare?base=:base&heads=:head",
    "/experiments/compare?base=:base&heads=:head&tab=cost-and-quality",
    "/experiments/compare?base=:base&heads=:head&tab=judge",
    "/experiments/:experiment",
    "/experiments/:experiment?tab=items&open=question-3",
    "/experiments/:experiment?tab=slices",
    "/experiments/:experiment?tab=settings",
  ])("axe finds nothing serious on %s, and it fits on a phone", LONG, async (path) => {
    const { experimentId, scorerId, runIds } = furnished;
    const names = { ":experiment": experimentId, ":scorer": scorerId, ":base": runIds[0], ":head": runIds[1] };
    const page = await open(Object.entries(names).reduce((text, [name, id]) => text.replace(name, id ?? ""), path));
    await page.locator("h1").waitFor();
    await expect.poll(() => page.locator("[aria-busy=true]").count(), { timeout: 15_000 }).toBe(0);
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    await expect.poll(() => page.evaluate(over), { timeout: 15_000 }).toBe(0);
  });

  test(
    "of more stored scorers than a page holds, each is found by its words, and the next page is shown",
    LONG,
    async () => {
      const client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
      for (let number = 101; number < 205; number++)
        await client.call("POST /api/v1/scorers", {
          body: { name: `stored ${number}`, kind: "contains", params: {}, message: "One of many" },
        });
      const page = await open(`/experiments/new?dataset=${furnished.datasetId}`);
      await page.getByRole("button", { name: "Add scorer" }).click();
      const choices = page.getByRole("dialog", { name: "Add scorer" });
      await choices.getByText("stored 101").waitFor();
      expect(await choices.getByText("stored 204").count()).toBe(0);
      await choices.getByRole("button", { name: "More stored scorers" }).click();
      await choices.getByText("stored 204").waitFor();
      await page.getByLabel("Search scorers").fill("stored 203");
      await page.keyboard.press("Enter");
      const scorers = page.getByRole("region", { name: "Scorers" });
      await scorers.getByText("stored 203").waitFor(WORK);
      await page.getByRole("button", { name: "Add scorer" }).click();
      await page.getByLabel("Search scorers").fill("stored 999");
      await choices.getByText("No matching scorers.").waitFor();
    },
  );

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
