import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * What axe finds serious or critical on the page, a sentence each; only among `rules` when they are given.
 * What it finds is looked for once more a moment later: a control that was just let loose is still on its way to its colours.
 */
export async function seriousIn(page: Page, rules?: string[]): Promise<string[]> {
  const first = await look(page, rules);
  if (first.length === 0) return first;
  await page.waitForTimeout(1_000);
  return look(page, rules);
}

async function look(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html, failureSummary }) => `${id}: ${target.join(" ")}: ${html}: ${failureSummary}`),
    );
}
