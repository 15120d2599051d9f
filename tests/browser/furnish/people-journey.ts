import type { Page } from "playwright-core";

const WORK = { timeout: 30_000 };

/** A question of an end user, their feedback on the answer, and the annotators' labels. */
export type Asked = {
  readonly question: string;
  readonly isHelpful: boolean;
  /** The end user's better answer. */
  readonly correction?: string;
  /** The label of each annotator: true where the answer is right, otherwise the correct answer. Empty without annotators. */
  readonly said: readonly (string | true)[];
  /** The reviewer's decision where annotators disagree. */
  readonly settled?: string | true;
};

export const RIGHT = "Is the answer right?";
export const BETTER = "Correct the answer";

/** On the page of an application: sends a question, reads the answer, and rates it in the feedback widget. */
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
  await page.getByLabel("Correct answer").fill(correction);
  const sent = page.waitForResponse("**/api/v1/public/feedback", WORK);
  await page.getByRole("button", { name: "Send" }).click();
  await sent;
}

/** Creates a queue that has three people say whether each answer is right, and give a better one. Returns its id. */
export async function makeQueue(page: Page, name: string): Promise<string> {
  const form = page.getByRole("form", { name: "Queue" });
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Add question" }).click();
  const second = form.getByRole("group", { name: "Question 2" });
  await second.getByRole("textbox", { name: "Question 2" }).fill(BETTER);
  await second.getByLabel("Answer type").selectOption({ label: "Text correction" });
  await second.getByLabel("Required").uncheck();
  await form.getByLabel("People per item").fill("3");
  await form.getByLabel("Test items (%)").fill("0");
  await form.getByRole("button", { name: "Create queue" }).click();
  await page.getByText("No items yet").waitFor(WORK);
  return /annotation\/([^/?]+)/.exec(page.url())?.[1] ?? "";
}

/** Adds the spans of a filter to the queue on screen. */
export async function addSpans(page: Page, filter: string, count: number): Promise<void> {
  await page.getByRole("button", { name: "Add items" }).first().click();
  const form = page.getByRole("form", { name: "Items" });
  await form.getByLabel("Filter").fill(filter);
  await form.getByRole("button", { name: "Newest" }).click();
  await form.getByLabel("Reason").fill("End users did not find them helpful");
  await form.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(`Added ${count} items`).waitFor(WORK);
}

/** Answers all items that the queue assigns to this person, with the keyboard only. */
export async function answerByKeys(page: Page, asked: readonly Asked[], person: number): Promise<void> {
  const item = page.getByRole("region", { name: "Item" });
  const nothing = page.getByText("No items left for you");
  for (let place = 0; place <= asked.length; place += 1) {
    await item.or(nothing).waitFor(WORK);
    if (await nothing.isVisible()) return;
    const shown = (await item.textContent()) ?? "";
    const one = asked.find(({ question }) => shown.includes(question));
    const label = one?.said[person];
    if (label === undefined) throw new Error(`nobody is to say anything of: ${shown}`);
    await page.keyboard.press(label === true ? "1" : "2");
    if (label === true) await page.keyboard.press("Enter");
    else {
      await page.keyboard.press("e");
      await page.keyboard.press("Control+a");
      await page.keyboard.type(label);
      await page.keyboard.press("Control+Enter");
    }
    await item.getByText(one?.question ?? "", { exact: true }).waitFor({ ...WORK, state: "detached" });
  }
  await nothing.waitFor(WORK);
}

/** Resolves every disputed item of the queue on screen. */
export async function settleDisputes(page: Page, asked: readonly Asked[]): Promise<void> {
  const disputed = asked.filter(({ settled }) => settled !== undefined);
  const table = page.getByRole("table", { name: "Items" });
  for (const { question, settled } of disputed) {
    await table.getByRole("button", { name: question }).click(WORK);
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("heading", { name: "Final answer" }).waitFor(WORK);
    const right = sheet.getByRole("group", { name: RIGHT });
    await right.getByRole("button", { name: settled === true ? "Yes" : "No" }).click();
    if (typeof settled === "string") await sheet.getByLabel(BETTER).fill(settled);
    await sheet.getByLabel("Reason").fill("Looked it up.");
    await sheet.getByRole("button", { name: "Settle" }).click();
    await sheet.getByRole("heading", { name: "Settled" }).waitFor(WORK);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ ...WORK, state: "detached" });
  }
}

/** On the preferences page: creates rows of a format in a new dataset. */
export async function makeRows(
  page: Page,
  { from, shape, dataset }: { from: string; shape: string; dataset: string },
): Promise<void> {
  await page.getByRole("button", { name: "Add to dataset" }).click();
  const dialog = page.getByRole("dialog", { name: "Add to dataset" });
  await dialog.getByLabel("Source", { exact: true }).selectOption({ label: from });
  await dialog.getByLabel("Use as").selectOption(shape);
  const newName = dialog.getByLabel("Dataset name");
  const another = dialog.getByRole("button", { name: "New", exact: true });
  await newName.or(another).waitFor(WORK);
  if (await another.isVisible()) await another.click();
  await newName.fill(dataset);
  await dialog.getByRole("button", { name: "Create" }).click();
  await another.waitFor(WORK);
  await dialog.getByRole("button", { name: /^Add \d+ rows?$/ }).click(WORK);
  await dialog.waitFor({ ...WORK, state: "detached" });
}
