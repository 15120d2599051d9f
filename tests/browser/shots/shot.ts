import type { Page } from "playwright-core";

export type { Page } from "playwright-core";

/** A screenshot: its name, the path, whether it is in the user's own project, and what to do on the page first. */
export type Shot = { name: string; path: string; isOwn?: boolean; act?: (page: Page) => Promise<unknown> };
