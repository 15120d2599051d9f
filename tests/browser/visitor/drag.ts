import type { Locator, Page } from "playwright-core";

/** Drags over a chart between two fractions of its width, as a user does to choose a time range. */
export async function brush(page: Page, drawing: Locator, [from, to]: readonly [number, number]): Promise<void> {
  const box = await settledBox(drawing);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 5 });
  await page.mouse.up();
}

/** Drags an element from its center by a number of pixels. */
export async function drag(page: Page, grip: Locator, by: { x: number; y: number }): Promise<void> {
  const box = await grip.boundingBox();
  if (!box) throw new Error("there is nothing to drag");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x, y + by.y, { steps: 6 });
  await page.mouse.up();
}

/**
 * The box of an element once it is drawn and visible. A chart with new data is drawn again, so the element may
 * disappear during the call.
 */
async function settledBox(drawing: Locator) {
  for (let tries = 0; tries < 5; tries++) {
    await drawing.waitFor();
    const isInView = await drawing.scrollIntoViewIfNeeded().then(
      () => true,
      (error: Error) => {
        if (!/not attached/.test(error.message)) throw error;
        return false;
      },
    );
    const box = isInView ? await drawing.boundingBox() : null;
    if (box) return box;
  }
  throw new Error("the chart is not drawn, or never for long");
}
