import type { Page } from "playwright-core";
import type { Shot } from "./shot.ts";

const openItem = async (page: Page) => {
  await page
    .getByRole("grid", { name: "Items" })
    .getByText(/closes by itself/)
    .first()
    .click();
  await page.getByRole("complementary", { name: "Open item" }).getByRole("tab", { name: "Item" }).waitFor();
};
const addStep = (name: string) => async (page: Page) => {
  await page.getByLabel("Search steps").fill(name);
  await page.keyboard.press("Enter");
  await page.getByText(/of the draft were checked|^In an even sample/).waitFor({ timeout: 60_000 });
};
const sendFile = async (page: Page) => {
  const rows = [
    "question,label,score",
    ...Array.from({ length: 30 }, (_, n) => `"What about ${n}, please?",topic_${n % 4},0.${n}`),
  ];
  const text = [...rows.slice(0, 9), "only one cell", ...rows.slice(9), '"never closed,x,1'].join("\n");
  await page
    .getByLabel("File", { exact: true })
    .setInputFiles({ name: "questions.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("heading", { name: "Preview" }).waitFor({ timeout: 60_000 });
};

const fillGeneration = async (page: Page) => {
  await page.getByLabel("Model", { exact: true }).fill("scripted/writer-1");
  await page.getByLabel(/^Judge/).fill("scripted/judge-1");
  await page.getByLabel(/^Instructions/).fill("Questions of customers about looms, some of them angry.");
  await page.getByLabel("Items", { exact: true }).fill("12");
};
const generate = (page: Page) => page.getByRole("button", { name: "Generate", exact: true }).last().click();

const SHOTS: readonly Shot[] = [
  { name: "datasets", path: "/datasets" },
  { name: "dataset-new", path: "/datasets?new=file" },
  { name: "dataset-new-test-set", path: "/datasets?new=set" },
  { name: "dataset-items", path: "/datasets/:dataset" },
  { name: "dataset-filtered", path: "/datasets/:dataset?filter=metadata.topic:refund&field=metadata.topic" },
  { name: "dataset-filter-wrong", path: "/datasets/:dataset?filter=metadata.topic:" },
  { name: "dataset-item", path: "/datasets/:dataset", act: openItem },
  {
    name: "dataset-item-edit",
    path: "/datasets/:dataset",
    act: async (page) => {
      await openItem(page);
      await page.getByRole("button", { name: "Edit", exact: true }).click();
    },
  },
  {
    name: "dataset-item-history",
    path: "/datasets/:dataset",
    act: async (page) => {
      await openItem(page);
      await page.getByRole("tab", { name: "History" }).click();
    },
  },
  {
    name: "dataset-selected",
    path: "/datasets/:dataset",
    // A phone has no checkboxes.
    act: async (page) => {
      for (const box of await page.getByLabel("Select all loaded rows").all()) await box.check();
    },
  },
  {
    name: "dataset-filter-menu",
    path: "/datasets/:dataset",
    act: (page) => page.getByRole("button", { name: "Filter", exact: true }).click(),
  },
  { name: "dataset-new-item", path: "/datasets/:dataset?add=hand" },
  { name: "dataset-from-traces", path: "/datasets/:dataset?add=traces" },
  {
    name: "dataset-steps",
    path: "/datasets/:dataset",
    act: (page) => page.getByRole("button", { name: /^Draft steps/ }).click(),
  },
  {
    name: "dataset-commit",
    path: "/datasets/:dataset",
    act: (page) => page.getByRole("button", { name: "Commit…" }).click(),
  },
  { name: "dataset-import", path: "/datasets/:dataset/import" },
  { name: "dataset-import-preview", path: "/datasets/:dataset/import", act: sendFile },
  {
    name: "dataset-export",
    path: "/datasets/:dataset",
    act: (page) => page.getByRole("button", { name: "Export" }).click(),
  },
  { name: "dataset-curate", path: "/datasets/:dataset/curate" },
  { name: "dataset-curate-near", path: "/datasets/:dataset/curate", act: addStep("near") },
  { name: "dataset-curate-privacy", path: "/datasets/:dataset/curate", act: addStep("personal") },
  { name: "dataset-curate-length", path: "/datasets/:dataset/curate", act: addStep("length") },
  {
    name: "dataset-map",
    path: "/datasets/:dataset/map",
    act: async (page) => {
      const make = page.getByRole("button", { name: "Create map" });
      if ((await make.count()) > 0) {
        await make.click();
        await page.getByRole("dialog").getByRole("button", { name: "Create map" }).click();
      }
      await page.getByRole("img", { name: /^Map of/ }).waitFor({ timeout: 120_000 });
    },
  },
  { name: "dataset-generate", path: "/datasets/:dataset/generate" },
  { name: "dataset-generate-wrong", path: "/datasets/:dataset/generate", act: generate },
  {
    name: "dataset-generate-tried",
    path: "/datasets/:dataset/generate",
    act: async (page) => {
      await fillGeneration(page);
      await page.getByRole("button", { name: "Preview" }).click();
      await page.getByText(/^At this rate/).waitFor({ timeout: 60_000 });
      await page.getByRole("heading", { name: /generated, \d+ kept$/ }).scrollIntoViewIfNeeded();
    },
  },
  { name: "dataset-versions", path: "/datasets/:dataset/versions" },
  { name: "dataset-version", path: "/datasets/:dataset/versions?version=2" },
  { name: "dataset-diff", path: "/datasets/:dataset/diff?from=1&to=2" },
  { name: "dataset-diff-draft", path: "/datasets/:dataset/diff" },
  { name: "dataset-branches", path: "/datasets/:dataset/branches" },
  { name: "dataset-merge", path: "/datasets/:dataset/branches?review=shorter-answers" },
  { name: "dataset-report", path: "/datasets/:dataset/report" },
  { name: "dataset-settings", path: "/datasets/:dataset/settings" },
  { name: "datasets-none", path: "/datasets", isOwn: false },
  // Last, because it changes the draft.
  {
    name: "dataset-generate-done",
    path: "/datasets/:dataset/generate",
    act: async (page) => {
      await fillGeneration(page);
      await generate(page);
      await page.getByRole("heading", { name: /items added/ }).waitFor({ timeout: 60_000 });
    },
  },
];

/** Screenshots of the furnished dataset. Its id replaces `:dataset`. */
export const DATASET_SHOTS: readonly Shot[] = SHOTS.map((shot) => ({ isOwn: true, ...shot }));
