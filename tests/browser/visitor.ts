import type { Browser, BrowserContext, Page } from "playwright-core";
import { type RunningTreadle, startTreadle } from "../setup/start-treadle.ts";
import { openBrowser } from "./chromium.ts";

/** Long enough for two busy cores, short enough to see soon what is missing. */
const WAIT_MS = 15_000;

type Look = { width?: number; height?: number; theme?: "light" | "dark"; path?: string };

/** A real server, a browser beside it, and the session of the first owner. */
export type Visitor = {
  readonly treadle: RunningTreadle;
  /** The first owner's one-time link, which has been used. */
  readonly signInLink: string;
  /** A page of the signed-in owner. What it complained about is in `troubles`. */
  open(look?: Look): Promise<Page>;
  /** A page of somebody the server does not know. */
  openStranger(path: string): Promise<Page>;
  /** Errors in pages, and what the content security policy refused. A healthy run leaves it empty. */
  readonly troubles: string[];
  /** The project that is not sample data, and the one that is. */
  readonly projects: { readonly own: string; readonly sample: string };
  close(): Promise<void>;
};

/** Starts a server in an empty folder, and signs in by the one-time link that it prints. */
export async function startVisitor(env: Readonly<Record<string, string>> = {}): Promise<Visitor> {
  const treadle = await startTreadle({ env });
  const browser = await openBrowser();
  const troubles: string[] = [];
  const first = await browser.newContext();
  const signInLink = await printedLink(treadle);
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
      const context = await newContext(browser, { width, height, theme, state });
      return page(context, path);
    },
    openStranger: async (path) => page(await browser.newContext(), path),
    async close() {
      await browser.close();
      await treadle.stop();
    },
  };
}

type Newcomer = Required<Omit<Look, "path">> & { state: Awaited<ReturnType<BrowserContext["storageState"]>> };

const newContext = (browser: Browser, { width, height, theme, state }: Newcomer) =>
  browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    storageState: state,
    permissions: ["clipboard-read", "clipboard-write"],
    reducedMotion: "reduce",
  });

/** The link is printed a moment after the server says that it is ready. */
async function printedLink(treadle: RunningTreadle): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const link = /http\S+\/sign-in#token=\S+/.exec(treadle.output())?.[0];
    if (link) return link;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server printed no sign-in link:\n${treadle.output()}`);
}

async function signInByLink(context: BrowserContext, link: string) {
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}

async function readProjects(context: BrowserContext, url: string) {
  const answer = await context.request.get(`${url}/api/v1/session`);
  const { projects } = (await answer.json()) as { projects: { id: string; isSample: boolean }[] };
  const idOf = (isSample: boolean) => projects.find((project) => project.isSample === isSample)?.id ?? "";
  return { own: idOf(false), sample: idOf(true) };
}

/** Of code that is made from text, and caught where that is refused, Chromium's console says nothing. */
const TELL_VIOLATIONS = `document.addEventListener("securitypolicyviolation", (event) =>
  console.error("Content Security Policy:", event.violatedDirective, "refused", event.blockedURI, "in", event.sourceFile))`;

function listen(page: Page, troubles: string[]) {
  page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Refused to/i.test(message.text()))
      troubles.push(`${page.url()}: ${message.text()}`);
  });
}
