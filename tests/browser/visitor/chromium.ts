import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** The shell comes first: it has no window, tabs or toolbar, and opens pages three times as fast as the full browser. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** Disables the network services, the GPU and the prompts of the browser itself. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of Chromium: CHROMIUM_PATH, or the first of the usual names on the PATH. */
function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/**
 * Whether the browser tests can run here. Without a browser they are skipped. On CI they always run, so that a missing
 * browser fails there instead of passing silently.
 */
export const hasChromium = findChromium() !== undefined || process.env.CI === "true";

let browser: Promise<Browser> | undefined;

/** The browser that all test files of a worker share. It closes with the worker. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= openBrowser();
  return browser;
}

async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium was found. Install one, or name it in CHROMIUM_PATH.");
  return chromium.launch({ executablePath, args: FLAGS });
}
