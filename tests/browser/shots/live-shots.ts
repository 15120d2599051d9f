import type { Page } from "playwright-core";
import type { Shot } from "./shot.ts";

const openForm = async (page: Page) => {
  await page.getByRole("button", { name: "New rule" }).click();
  const form = page.getByRole("form", { name: "Rule" });
  await form.getByLabel("Filter").fill("environment:live");
  await form.getByLabel("Scorers").selectOption({ label: "helpful to the customer" });
  await form.getByText("matched in the last day").waitFor();
};
const openScores = (name: string) => (page: Page) => page.getByRole("button", { name, exact: true }).click();
const openBackfill = async (page: Page) => {
  await page.getByRole("button", { name: "Actions for Refusals in production" }).click();
  await page.getByRole("menuitem", { name: "Score past spans…" }).click();
};

/** Screenshots of the furnished rules. */
export const LIVE_SHOTS: readonly Shot[] = [
  { name: "live-scoring", path: "/scorers/live", isOwn: true },
  { name: "live-scoring-none", path: "/scorers/live" },
  { name: "live-scoring-new", path: "/scorers/live", isOwn: true, act: openForm },
  { name: "live-scoring-scores", path: "/scorers/live", isOwn: true, act: openScores("Refusals in production") },
  {
    name: "live-scoring-failed",
    path: "/scorers/live",
    isOwn: true,
    act: openScores("Helpful, every tenth trace of the shop's chat"),
  },
  { name: "live-scoring-rates", path: "/scorers/live", isOwn: true, act: openScores("Where the order is") },
  {
    name: "calibration-live",
    path: "/scorers",
    isOwn: true,
    async act(page) {
      await page.getByRole("link", { name: "says where it is" }).first().click();
      await page.getByRole("tab", { name: "Calibration" }).click();
      await page.getByRole("table", { name: "Rates" }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "dashboard-corrected",
    path: "/dashboards",
    isOwn: true,
    async act(page) {
      await page.getByRole("link", { name: "Quality of the shop" }).first().click();
      await page.getByText("corrected").first().waitFor();
    },
  },
  { name: "live-scoring-past", path: "/scorers/live", isOwn: true, act: openBackfill },
];
