import { join } from "node:path";
import type { Visitor } from "./visitor.ts";

/** Where the pages that tests draw are kept, for people to look at; unset in the tests. */
export const SHOTS = process.env.TREADLE_TEST_SHOTS;

/** Both widths and both themes of a page, where pictures are wanted. */
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
