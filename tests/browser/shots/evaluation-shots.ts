import type { Page } from "playwright-core";
import type { Shot } from "./shot.ts";

const openFirst = async (page: Page) => {
  await page.getByRole("grid", { name: "Answers" }).getByRole("row").nth(2).click();
  await page.getByRole("complementary", { name: "Open item" }).waitFor();
};
const fillForm = async (page: Page) => {
  await page.getByRole("textbox", { name: "Name", exact: true }).first().fill("shorter answers");
  await page.getByRole("combobox", { name: "Dataset" }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Messages from the item" }).click();
  await page.getByRole("combobox", { name: "Model" }).fill("scripted/echo-1");
  await page.getByRole("button", { name: "Add scorer" }).click();
  await page.getByLabel("Search scorers").fill("exact");
  await page.keyboard.press("Enter");
  await page.getByText("Judge calls").waitFor();
};
const tryIt = async (page: Page) => {
  await page.getByLabel("Answer", { exact: true }).fill("It is about the card arrival.");
  for (const field of await page.getByLabel("Expected answer").all()) await field.fill("card arrival");
  await page.getByRole("button", { name: "Run test" }).click();
  await page.getByRole("region", { name: "Result" }).waitFor();
};

const findChange = async (page: Page) => {
  await page.getByRole("button", { name: "Find change" }).click();
  await page.getByRole("status").filter({ hasText: "Found." }).waitFor({ timeout: 60_000 });
};

const judge = async (page: Page) => {
  await page.getByText("Judge calls").waitFor();
  await page.getByRole("button", { name: "Start comparison" }).click();
  await page.getByRole("heading", { name: "Position bias" }).waitFor({ timeout: 60_000 });
  await page.getByRole("progressbar").waitFor({ state: "detached", timeout: 60_000 });
};
const openVerdict = async (page: Page) => {
  await judge(page);
  await page.getByLabel("Outcome").selectOption("inconsistent");
  await page.getByText("changed with the order").first().waitFor();
  await page.getByRole("table", { name: "Verdicts" }).getByRole("row").nth(1).click();
  await page.getByRole("dialog").waitFor();
};

const askPeople = async (page: Page) => {
  await page.getByRole("button", { name: /^Review \d/ }).click();
  await page.getByRole("dialog").getByRole("button").first().waitFor();
};

const SHOTS: readonly Shot[] = [
  { name: "scorers", path: "/scorers" },
  { name: "scorers-judges", path: "/scorers?group=judge" },
  { name: "scorers-live", path: "/scorers/live" },
  { name: "scorer-new", path: "/scorers/new" },
  { name: "scorer-new-rubric", path: "/scorers/new?kind=rubric" },
  { name: "scorer-new-perplexity", path: "/scorers/new?kind=perplexity" },
  { name: "scorer-new-reward-model", path: "/scorers/new?kind=reward-model" },
  { name: "scorer-new-crows-pairs", path: "/scorers/new?kind=crows-pairs" },
  { name: "scorer-new-jailbreak", path: "/scorers/new?kind=jailbreak" },
  { name: "scorer-new-contains", path: "/scorers/new?kind=contains", act: tryIt },
  { name: "scorer-page", path: "/scorers/:scorer" },
  { name: "scorer-calibration", path: "/scorers/:scorer?tab=calibration" },
  { name: "experiments", path: "/experiments" },
  { name: "experiments-none", path: "/experiments", isOwn: false },
  { name: "experiments-leaderboard", path: "/experiments/leaderboard?dataset=:questions" },
  { name: "experiments-leaderboard-pairwise", path: "/experiments/leaderboard?dataset=:questions&by=pairwise" },
  { name: "experiments-plan", path: "/experiments/plan" },
  { name: "experiments-plan-run", path: "/experiments/plan?run=:run2&against=:run1&difference=0.03" },
  { name: "experiment-new", path: "/experiments/new" },
  { name: "experiment-new-filled", path: "/experiments/new", act: fillForm },
  { name: "experiment-results", path: "/experiments/:experiment" },
  { name: "experiment-items", path: "/experiments/:experiment?tab=items" },
  { name: "experiment-items-changed", path: "/experiments/:experiment?tab=items&changed=any&sort=regression" },
  { name: "experiment-item", path: "/experiments/:experiment?tab=items&sort=regression", act: openFirst },
  { name: "experiment-slices", path: "/experiments/:experiment?tab=slices" },
  { name: "experiment-settings", path: "/experiments/:experiment?tab=settings" },
  { name: "bisect", path: "/experiments/compare?base=:run3&heads=:run1", act: findChange },
  { name: "runs-compared", path: "/experiments/compare?base=:run1&heads=:run2,:run3" },
  { name: "runs-compared-items", path: "/experiments/compare?base=:run1&heads=:run2,:run3&tab=items" },
  { name: "runs-compared-ask", path: "/experiments/compare?base=:run1&heads=:run2&tab=items", act: askPeople },
  { name: "runs-compared-slices", path: "/experiments/compare?base=:run1&heads=:run2&tab=slices" },
  { name: "runs-compared-cost", path: "/experiments/compare?base=:run1&heads=:run2,:run3&tab=cost-and-quality" },
  { name: "runs-judge", path: "/experiments/compare?base=:run1&heads=:run2&tab=judge" },
  { name: "judging-two", path: "/experiments/compare?base=:run1&heads=:run2&tab=judge", act: judge },
  { name: "judging-three", path: "/experiments/compare?base=:run1&heads=:run2,:run3&tab=judge", act: judge },
  { name: "judging-verdict", path: "/experiments/compare?base=:run1&heads=:run2&tab=judge", act: openVerdict },
  { name: "runs-compared-none", path: "/experiments/compare" },
];

/** Screenshots of the furnished experiments. Their ids replace `:experiment`, `:run1` and so on. */
export const EVALUATION_SHOTS: readonly Shot[] = SHOTS.map((shot) => ({ isOwn: true, ...shot }));
