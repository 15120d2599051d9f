import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * The serious and critical violations that axe finds on the page, one sentence each. `rules` limits which rules are
 * checked. Axe checks a second time after a second, because colors of a control may still be in transition.
 */
export async function seriousIn(page: Page, rules?: string[]): Promise<string[]> {
  const first = await look(page, rules);
  if (first.length === 0) return first;
  await page.waitForTimeout(1_000);
  return look(page, rules);
}

async function look(page: Page, rules?: string[]): Promise<string[]> {
  // Axe would compute a selector for each element that passes, and join the results of frames in a blank page.
  // Skipping both takes a third of the time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"], preload: false }).setLegacyMode();
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html, failureSummary }) => `${id}: ${target.join(" ")}: ${html}: ${failureSummary}`),
    );
}
