import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { endOfSearch, furnishOptimisation } from "../../setup/furnish-optimisation.ts";
import type { RunningTreadle } from "../../setup/start-treadle.ts";
import type { Shot } from "./shot.ts";

const fillForm = async (page: Page) => {
  await page.getByRole("combobox", { name: "Dataset" }).selectOption({ label: "loud-answers (150)" });
  await page.getByRole("combobox", { name: /^Rewriting model/ }).fill("rewriting/reflector");
  await page.getByRole("button", { name: "Add scorer" }).click();
  await page.getByLabel("Search scorers").fill("exact");
  await page.keyboard.press("Enter");
  await page.getByText("Judge calls").waitFor();
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

/** Screenshots of the furnished search. Its id replaces `:optimisation`. */
export const OPTIMISATION_SHOTS: readonly Shot[] = SHOTS.map((shot) => ({ isOwn: true, ...shot }));

/** Runs a search to its end, and starts one with a small budget that may still be running. Returns the id of the first. */
export async function furnishSearches({ url, apiKey }: RunningTreadle, baseUrl: string): Promise<string> {
  const client = createClient({ baseUrl: url, apiKey });
  const body = await furnishOptimisation(client, { baseUrl });
  const { optimisationId } = await client.call("POST /api/v1/optimisations", { body });
  await endOfSearch(client, optimisationId);
  const small = { ...body, name: "A few answers", method: "mutations" as const, budget: { answers: 60 } };
  await client.call("POST /api/v1/optimisations", { body: small });
  return optimisationId;
}
