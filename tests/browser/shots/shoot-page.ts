import { join } from "node:path";
import type { Visitor } from "../visitor/visitor.ts";

/** The folder for screenshots that tests take. Unset in CI. */
export const SHOTS = process.env.TREADLE_TEST_SHOTS;

/** Takes screenshots of a page in both widths and both themes, if a folder for them is set. */
export async function shootPage(visitor: Visitor, name: string, path: string): Promise<void> {
  if (!SHOTS) return;
  const address = `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}`;
  for (const width of [1440, 390])
    for (const theme of ["light", "dark"] as const) {
      const page = await visitor.open({ width, theme, path: address });
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: join(SHOTS, `${name}-${width}-${theme}.png`), fullPage: true });
      await page.context().close();
    }
}
