import type { Page } from "playwright-core";

export type { Page } from "playwright-core";

/** A picture to take: of which page, in whose project, and what is done first. */
export type Shot = { name: string; path: string; isOwn?: boolean; act?: (page: Page) => Promise<unknown> };
