import type { Page } from "playwright-core";
import type { Shot } from "./shot.ts";

const fillForm = async (page: Page) => {
  await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "loud-answers (150)" });
  await page.getByRole("combobox", { name: /^Model that rewrites/ }).fill("rewriting/reflector");
  await page.getByRole("button", { name: "Add a scorer" }).click();
  await page.getByLabel("Search scorers").fill("exact");
  await page.keyboard.press("Enter");
  await page.getByText("Calls of judges").waitFor();
};

const SHOTS: readonly Shot[] = [
  { name: "optimisations", path: "/optimisations" },
  { name: "optimisations-none", path: "/optimisations", isOwn: false },
  { name: "optimisation-new", path: "/optimisations/new?prompt=support%2Fshout&version=1", act: fillForm },
  { name: "optimisation-result", path: "/optimisations/:optimisation" },
  { name: "optimisation-candidates", path: "/optimisations/:optimisation?tab=candidates" },
  { name: "optimisation-items", path: "/optimisations/:optimisation?tab=items" },
  { name: "optimised-prompt", path: "/prompts/support%2Fshout" },
];

/** Of the search that is furnished; its id takes the place of `:optimisation`. */
export const OPTIMISATION_SHOTS: readonly Shot[] = SHOTS.map((shot) => ({ isOwn: true, ...shot }));
