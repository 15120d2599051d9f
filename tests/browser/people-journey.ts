import type { Page } from "playwright-core";

const WORK = { timeout: 30_000 };

/** A question that an end user asks, what they say of the answer, and what people say of it afterwards. */
export type Asked = {
  readonly question: string;
  readonly isHelpful: boolean;
  /** The end user's own better answer. */
  readonly correction?: string;
  /** Of each annotator: true where the answer is right, otherwise what it should have been. Empty where nobody is asked. */
  readonly said: readonly (string | true)[];
  /** What the reviewer settles where people differ. */
  readonly settled?: string | true;
};

export const RIGHT = "Is the answer right?";
export const BETTER = "Make it right";

/** In the page of somebody's application: asks, looks at the answer, and says by the widget what it was worth. */
export async function askAndJudge(page: Page, { question, isHelpful, correction }: Asked): Promise<void> {
  const widget = page.getByText("Was this helpful?");
  const before = await page.locator(".answer").allInnerTexts();
  await page.getByLabel("Question").fill(question);
  const [response] = await Promise.all([
    page.waitForResponse("**/ask", { timeout: 180_000 }),
    page.getByRole("button", { name: "Ask" }).click(),
  ]);
  if (!response.ok()) throw new Error(`the application answered ${response.status()}: ${await response.text()}`);
  const { text } = (await response.json()) as { text: string };
  if (before[0] !== text) await page.locator(".answer").getByText(text.trim().slice(0, 20)).waitFor(WORK);
  await widget.waitFor(WORK);
  await page.getByRole("button", { name: isHelpful ? "Yes, it was helpful" : "No, it was not helpful" }).click();
  await page.getByText("Thank you for your feedback.").waitFor(WORK);
  if (correction === undefined) return;
  await page.getByLabel("What should the answer have been?").fill(correction);
  const sent = page.waitForResponse("**/api/v1/public/feedback", WORK);
  await page.getByRole("button", { name: "Send" }).click();
  await sent;
}

/** Makes a queue that asks three people of each item whether the answer is right, and for a better one; gives its id. */
export async function makeQueue(page: Page, name: string): Promise<string> {
  const form = page.getByRole("form", { name: "Queue" });
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Another question" }).click();
  const second = form.getByRole("group", { name: "Question 2" });
  await second.getByRole("textbox", { name: "Question 2" }).fill(BETTER);
  await second.getByLabel("Answered by").selectOption({ label: "Correct a text" });
  await second.getByLabel("Must be answered").uncheck();
  await form.getByLabel("People an item").fill("3");
  await form.getByLabel("Share of test items, %").fill("0");
  await form.getByRole("button", { name: "Make the queue" }).click();
  await page.getByText("Nothing is asked about yet").waitFor(WORK);
  return /annotation\/([^/?]+)/.exec(page.url())?.[1] ?? "";
}

/** Fills the queue on screen with the spans of a filter. */
export async function addSpans(page: Page, filter: string, count: number): Promise<void> {
  await page.getByRole("button", { name: "Add items" }).first().click();
  const form = page.getByRole("form", { name: "Items" });
  await form.getByLabel("Filter").fill(filter);
  await form.getByRole("button", { name: "The newest" }).click();
  await form.getByLabel("Why these").fill("End users did not find them helpful");
  await form.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(`Added ${count} items`).waitFor(WORK);
}

/** Answers all that the queue gives this person, by keys alone. */
export async function answerByKeys(page: Page, asked: readonly Asked[], person: number): Promise<void> {
  const item = page.getByRole("region", { name: "The item" });
  const nothing = page.getByText("Nothing is left for you here");
  for (let place = 0; place <= asked.length; place += 1) {
    await item.or(nothing).waitFor(WORK);
    if (await nothing.isVisible()) return;
    const shown = (await item.textContent()) ?? "";
    const one = asked.find(({ question }) => shown.includes(question));
    const said = one?.said[person];
    if (said === undefined) throw new Error(`nobody is to say anything of: ${shown}`);
    await page.keyboard.press(said === true ? "1" : "2");
    if (said === true) await page.keyboard.press("Enter");
    else {
      await page.keyboard.press("e");
      await page.keyboard.press("Control+a");
      await page.keyboard.type(said);
      await page.keyboard.press("Control+Enter");
    }
    await item.getByText(one?.question ?? "", { exact: true }).waitFor({ ...WORK, state: "detached" });
  }
  await nothing.waitFor(WORK);
}

/** Settles every disputed item of the queue whose items are on screen. */
export async function settleDisputes(page: Page, asked: readonly Asked[]): Promise<void> {
  const disputed = asked.filter(({ settled }) => settled !== undefined);
  const table = page.getByRole("table", { name: "Items" });
  for (const { question, settled } of disputed) {
    await table.getByRole("button", { name: question }).click(WORK);
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("heading", { name: "Settle it" }).waitFor(WORK);
    const right = sheet.getByRole("group", { name: RIGHT });
    await right.getByRole("button", { name: settled === true ? "Yes" : "No" }).click();
    if (typeof settled === "string") await sheet.getByLabel(BETTER).fill(settled);
    await sheet.getByLabel("Reason").fill("Looked it up.");
    await sheet.getByRole("button", { name: "Settle it" }).click();
    await sheet.getByRole("heading", { name: "Settled" }).waitFor(WORK);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ ...WORK, state: "detached" });
  }
}

/** On the page of preferences: makes rows of a shape in a new dataset. */
export async function makeRows(
  page: Page,
  { from, shape, dataset }: { from: string; shape: string; dataset: string },
): Promise<void> {
  await page.getByRole("button", { name: "To a dataset" }).click();
  const dialog = page.getByRole("dialog", { name: "To a dataset" });
  await dialog.getByLabel("From", { exact: true }).selectOption({ label: from });
  await dialog.getByLabel("What the rows are for").selectOption(shape);
  const newName = dialog.getByLabel("Name of the new dataset");
  const another = dialog.getByRole("button", { name: "New", exact: true });
  await newName.or(another).waitFor(WORK);
  if (await another.isVisible()) await another.click();
  await newName.fill(dataset);
  await dialog.getByRole("button", { name: "Make it" }).click();
  await another.waitFor(WORK);
  await dialog.getByRole("button", { name: /^Add \d+ rows?$/ }).click(WORK);
  await dialog.waitFor({ ...WORK, state: "detached" });
}
