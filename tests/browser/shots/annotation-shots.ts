import type { Page } from "playwright-core";
import { PREFERENCE_SHOTS } from "../furnish/furnish-preferences.ts";
import type { Shot } from "./shot.ts";

const shown = (page: Page) => page.getByRole("complementary", { name: "Questions" }).waitFor();
const openItem = async (page: Page) => {
  await page.getByRole("table", { name: "Items" }).getByText("disputed").first().click();
  await page.getByRole("heading", { name: /Final answer|Settled/ }).waitFor();
};
const press =
  (...keys: string[]) =>
  async (page: Page) => {
    await shown(page);
    for (const key of keys) await page.keyboard.press(key);
  };

const byMace = async (page: Page) => {
  await page.getByRole("button", { name: "MACE" }).click();
  await page.getByRole("columnheader", { name: "Reliability" }).scrollIntoViewIfNeeded();
};
const lookForWorth = async (page: Page) => {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Select spans…" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/of annotation narrow/).waitFor();
};

const lookForDrift = async (page: Page) => {
  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByLabel("Trigger").selectOption("drift");
  await page.getByLabel("Filter").fill("name:drifting");
  await page.getByLabel("Categories").fill("model");
  await page.getByRole("button", { name: "Test newest window" }).click();
  await page.getByText("would be added").waitFor({ timeout: 60_000 });
  await page.getByRole("table", { name: "Drift by column" }).scrollIntoViewIfNeeded();
};
const openDrifted = async (page: Page) => {
  await page.getByText("Rule: Drift of questions").first().click({ timeout: 60_000 });
  await page.getByText(/^Reason: /).waitFor();
};
const seeDrift = async (page: Page) => {
  await page.getByText(/drifted\. Next test/).click({ timeout: 60_000 });
  await page.getByRole("table", { name: "Drift by column" }).scrollIntoViewIfNeeded();
};

/** Screenshots of the queues of `furnishAnnotation`. */
export const ANNOTATION_SHOTS: readonly Shot[] = [
  { name: "annotation-queues", path: "/annotation", isOwn: true },
  { name: "annotation-none", path: "/annotation" },
  { name: "annotation-new", path: "/annotation/new", isOwn: true },
  { name: "annotation-progress", path: "/annotation/:queue1", isOwn: true },
  { name: "annotation-items", path: "/annotation/:queue1?tab=items", isOwn: true },
  { name: "annotation-review", path: "/annotation/:queue1?tab=items&status=disputed", isOwn: true, act: openItem },
  { name: "annotation-agreement", path: "/annotation/:queue1?tab=agreement&slice=channel", isOwn: true },
  { name: "annotation-truth", path: "/annotation/:queue1?tab=consensus", isOwn: true },
  { name: "annotation-truth-reliability", path: "/annotation/:queue1?tab=consensus", isOwn: true, act: byMace },
  { name: "annotation-worth", path: "/annotation/:queue1", isOwn: true, act: lookForWorth },
  { name: "annotation-people", path: "/annotation/:queue1?tab=people", isOwn: true },
  { name: "annotation-settings", path: "/annotation/:queue1?tab=settings", isOwn: true },
  { name: "annotation-drift-rule", path: "/annotation/:queue1?tab=settings", isOwn: true, act: lookForDrift },
  { name: "annotation-drift-seen", path: "/annotation/:queue4?tab=settings", isOwn: true, act: seeDrift },
  { name: "annotation-drift-why", path: "/annotation/:queue4?tab=items", isOwn: true, act: openDrifted },
  {
    name: "annotation-add",
    path: "/annotation/:queue1",
    isOwn: true,
    act: (page) => page.getByRole("button", { name: "Add items" }).click(),
  },
  { name: "annotation-answer-pairs", path: "/annotation/:queue2/answer", isOwn: true, act: shown },
  { name: "annotation-answer-every", path: "/annotation/:queue3/answer", isOwn: true, act: press("1", "ArrowDown") },
  { name: "annotation-answer-done", path: "/annotation/:queue1/answer", isOwn: true },
  ...PREFERENCE_SHOTS,
];
