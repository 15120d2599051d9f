import type { Page, Shot } from "./shot.ts";

const openForm = async (page: Page) => {
  await page.getByRole("button", { name: "Give feedback…" }).click();
  await page.getByRole("form", { name: "Feedback" }).getByLabel("Score").selectOption("tone");
};
const openScore = async (page: Page) => {
  await page.getByRole("button", { name: "New score" }).click();
  await page.getByLabel("Type").selectOption("category");
};

const seeSession = (page: Page) => page.getByRole("region", { name: "Feedback on the session" }).waitFor();

const giveOnSession = async (page: Page) => {
  await seeSession(page);
  await page.getByRole("button", { name: "Give feedback…" }).first().click();
  await page.getByRole("form", { name: "Feedback" }).getByLabel("Score").selectOption("tone");
};
const chooseQueue = async (page: Page) => {
  await page.getByRole("button", { name: "Add to queue" }).first().click();
  await page.getByRole("dialog").waitFor();
};
const chooseSessions = async (page: Page) => {
  await page.getByText("s-1", { exact: true }).first().waitFor();
  // A phone has no checkboxes.
  for (const box of await page.getByLabel("Select all loaded rows").all()) await box.check();
};

/** Screenshots of the furnished feedback. */
export const FEEDBACK_SHOTS: readonly Shot[] = [
  { name: "feedback", path: "/feedback", isOwn: true },
  { name: "feedback-none", path: "/feedback" },
  { name: "feedback-no-match", path: "/feedback?search=nothing+of+the+kind", isOwn: true },
  { name: "feedback-scores", path: "/feedback/scores", isOwn: true },
  { name: "feedback-scores-none", path: "/feedback/scores" },
  { name: "feedback-new-score", path: "/feedback/scores", isOwn: true, act: openScore },
  { name: "feedback-on-a-trace", path: "/traces/:judged", isOwn: true },
  { name: "feedback-on-a-session", path: "/sessions/s-1", isOwn: true, act: seeSession },
  { name: "feedback-given-on-a-session", path: "/sessions/s-1", isOwn: true, act: giveOnSession },
  { name: "session-to-a-queue", path: "/sessions/s-1", isOwn: true, act: chooseQueue },
  { name: "sessions-to-a-queue", path: "/sessions", isOwn: true, act: chooseSessions },
  { name: "feedback-form", path: "/traces/:judged", isOwn: true, act: openForm },
];
