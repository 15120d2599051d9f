import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { getCurrentTest } from "vitest/suite";
import { openSharedTreadle } from "../../setup/shared-treadle.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";
import { sharedBrowser } from "./chromium.ts";

/** Long enough for two busy cores, short enough to report a missing element soon. */
const WAIT_MS = 15_000;

type Look = { width?: number; height?: number; theme?: "light" | "dark"; path?: string };

/** A real server, a browser, and the session of an owner. */
export type Visitor = {
  readonly treadle: RunningTreadle;
  /** The owner's one-time link, already used. */
  readonly signInLink: string;
  /** Opens a page as the signed-in owner. Its errors are added to `troubles`. */
  open(look?: Look): Promise<Page>;
  /** Opens a page without a session. */
  openStranger(path: string): Promise<Page>;
  /** Errors in pages, and violations of the content security policy. Empty in a healthy run. */
  readonly troubles: string[];
  /** The user's own project, and the sample project. */
  readonly projects: { readonly own: string; readonly sample: string };
  close(): Promise<void>;
};

/** Signs in to a fresh project of the worker's shared server. With `env`, the server is a separate one with an empty data folder. */
export async function startVisitor(env?: Readonly<Record<string, string>>): Promise<Visitor> {
  const treadle = await (env === undefined ? openSharedTreadle() : startTreadle({ env }));
  const browser = await sharedBrowser();
  const contexts: BrowserContext[] = [];
  const newContext = async (options: BrowserContextOptions) => {
    const context = await browser.newContext(options);
    contexts.push(context);
    closeAfterTest(context);
    return context;
  };
  const troubles: string[] = [];
  const first = await newContext({});
  const signInLink = await treadle.signInLink();
  await signInByLink(first, signInLink);
  const state = await first.storageState();
  const projects = await readProjects(first, treadle.url);
  await first.close();

  async function page(context: BrowserContext, path: string) {
    context.setDefaultTimeout(WAIT_MS);
    const opened = await context.newPage();
    listen(opened, troubles);
    await opened.addInitScript(TELL_VIOLATIONS);
    await opened.goto(treadle.url + path);
    return opened;
  }
  return {
    treadle,
    signInLink,
    troubles,
    projects,
    async open({ width = 1440, height = 900, theme = "light", path = "/" } = {}) {
      return page(await newContext(lookOf({ width, height, theme, state })), path);
    },
    openStranger: async (path) => page(await newContext({}), path),
    async close() {
      await Promise.all(contexts.map(closeContext));
      await treadle.stop();
    },
  };
}

/** An open page continues to send requests during later tests. A page that was opened before the tests is shared by all of them. */
function closeAfterTest(context: BrowserContext) {
  if (getCurrentTest() !== undefined) onTestFinished(() => closeContext(context));
}

/** A page that polls may have a request in a test's route handler, which would fail outside of any test when the page closes. */
async function closeContext(context: BrowserContext) {
  await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
  await context.close();
}

type Newcomer = Required<Omit<Look, "path">> & { state: Awaited<ReturnType<BrowserContext["storageState"]>> };

const lookOf = ({ width, height, theme, state }: Newcomer): BrowserContextOptions => ({
  viewport: { width, height },
  colorScheme: theme,
  storageState: state,
  permissions: ["clipboard-read", "clipboard-write"],
  reducedMotion: "reduce",
});

async function signInByLink(context: BrowserContext, link: string) {
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}

async function readProjects(context: BrowserContext, url: string) {
  const answer = await context.request.get(`${url}/api/v1/session`);
  const { projects } = (await answer.json()) as { projects: { projectId: string; isSample: boolean }[] };
  const idOf = (isSample: boolean) => projects.find((project) => project.isSample === isSample)?.projectId ?? "";
  return { own: idOf(false), sample: idOf(true) };
}

/** Logs each violation, because Chromium logs none when the page catches the error of a blocked eval. */
const TELL_VIOLATIONS = `document.addEventListener("securitypolicyviolation", (event) =>
  console.error("Content Security Policy:", event.violatedDirective, "refused", event.blockedURI, "in", event.sourceFile))`;

function listen(page: Page, troubles: string[]) {
  page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Refused to/i.test(message.text()))
      troubles.push(`${page.url()}: ${message.text()}`);
  });
}
