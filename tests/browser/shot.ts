import type { Visitor } from "./visitor.ts";

export type Page = Awaited<ReturnType<Visitor["open"]>>;
/** A page or state to take a picture of. */
export type Shot = { name: string; path: string; isOwn?: boolean; act?: (page: Page) => Promise<unknown> };
