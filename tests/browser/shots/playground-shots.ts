import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";
import type { Page, Shot } from "./shot.ts";

const PROMPT = "support/in-short";
const DATASET = "customer-questions";
const QUESTIONS = [
  "Where is my parcel? It was due on Monday, and the page still says that it left the depot.",
  "Can I change the address of an order that is on its way?",
  "I was charged twice.",
  "Können Sie mir sagen, ob die Filiale am Samstag geöffnet hat?",
  "The app closes by itself as soon as I open the camera, since the update of last week.",
  "How do I send something back that was a present?",
] as const;

/** Creates a prompt with two versions, and a dataset of questions to run it over. */
export async function furnishPlayground({ url, apiKey }: RunningTreadle): Promise<void> {
  const { call } = createClient({ baseUrl: url, apiKey });
  const text = (template: string) => ({ type: "text" as const, template, model: "scripted/echo-1" });
  await call("POST /api/v1/prompts", { body: { ...text("In one sentence: {{question}}"), name: PROMPT } });
  await call("POST /api/v1/prompts/:name/versions", {
    params: { name: PROMPT },
    body: text("In one kind sentence, to {{customer}}: {{question}}"),
  });
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: DATASET } });
  const params = { datasetId };
  const items = QUESTIONS.map((question, at) => ({
    inputs: { question, customer: ["Ada", "Grace", "Edsger"][at % 3] },
    expected: "An answer that an agent approved.",
  }));
  await call("POST /api/v1/datasets/:datasetId/items", { params, body: { items } });
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message: "Six questions" } });
}

async function choose(page: Page, column: number, model: string) {
  await page.getByRole("combobox", { name: "Model" }).nth(column).selectOption({ label: "Other model…" });
  await page.getByRole("textbox", { name: "Model" }).fill(model);
  await page.getByRole("textbox", { name: "Model" }).press("Enter");
}

const overRows = async (page: Page) => {
  await page.getByLabel("Message 2, user").fill("Answer {{customer}}: {{question}}");
  await choose(page, 0, "scripted/echo-1");
  await choose(page, 1, "scripted/error-429");
  await page.getByRole("button", { name: "Add stored prompt" }).click();
  await page.getByRole("button", { name: new RegExp(PROMPT) }).click();
  await page.getByRole("checkbox", { name: "v1", exact: true }).check();
  await page.getByRole("checkbox", { name: "v2", exact: true }).check();
  await page.getByRole("button", { name: "Add 2 columns" }).click();
  await page.getByLabel("Run on").selectOption({ label: DATASET });
  await page.getByRole("grid", { name: "Answers" }).waitFor();
};
const run = async (page: Page) => {
  await overRows(page);
  await page.getByRole("button", { name: /^Run all/ }).click();
  await page
    .getByText(/6 of 6 done/)
    .last()
    .waitFor();
  await page.waitForTimeout(1_000);
};

const SHOTS: readonly Shot[] = [
  { name: "playground", path: "/playground", act: (page) => page.keyboard.press("Control+Enter") },
  {
    name: "playground-parameters",
    path: "/playground",
    act: (page) => page.getByRole("button", { name: "Parameters" }).first().click(),
  },
  { name: "playground-rows", path: "/playground", act: overRows },
  { name: "playground-rows-run", path: "/playground", act: run },
  {
    name: "playground-rows-table",
    path: "/playground",
    act: async (page) => {
      await run(page);
      await page.getByRole("grid", { name: "Answers" }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "playground-rows-differences",
    path: "/playground",
    act: async (page) => {
      await run(page);
      await page.getByLabel("Highlight differences from the first column").check();
      await page.getByRole("grid", { name: "Answers" }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "playground-rows-cell",
    path: "/playground",
    act: async (page) => {
      await run(page);
      await page.getByRole("gridcell").first().focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Row 1" }).waitFor();
    },
  },
  {
    name: "playground-share",
    path: "/playground",
    act: async (page) => {
      await overRows(page);
      await page.getByRole("button", { name: "Share" }).click();
    },
  },
];

/** Screenshots of the furnished playground. */
export const PLAYGROUND_SHOTS: readonly Shot[] = SHOTS.map((shot) => ({ isOwn: true, ...shot }));
