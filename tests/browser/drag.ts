import type { Locator, Page } from "playwright-core";

/** Drags over a drawing from one part of its width to another, as somebody does who chooses a time. */
export async function brush(page: Page, drawing: Locator, [from, to]: readonly [number, number]): Promise<void> {
  const box = await settledBox(drawing);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 5 });
  await page.mouse.up();
}

/** Takes something by its middle and lets it go so many pixels further. */
export async function drag(page: Page, grip: Locator, by: { x: number; y: number }): Promise<void> {
  const box = await grip.boundingBox();
  if (!box) throw new Error("there is nothing to drag");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x, y + by.y, { steps: 6 });
  await page.mouse.up();
}

/** Where something lies once it is drawn and in view. A chart whose figures have just come is drawn anew, so that it may go while it is looked at. */
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
