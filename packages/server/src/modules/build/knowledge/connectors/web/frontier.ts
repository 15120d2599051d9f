import type { SourceSettings } from "../../stores/source-settings.ts";
import { requireSetting } from "../shared/settings.ts";
import { resolveLink } from "./read-page.ts";

export type Target = {
  readonly url: string;
  /** Links from a start address. */
  readonly depth: number;
  readonly isStart: boolean;
};

const DEFAULTS = { maxDepth: 3, maxPages: 500 };
/** The part of an address that patterns are compared with. */
export function pathOf(url: string): string {
  const path = new URL(url).pathname.slice(1);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export type FrontierOptions = { readonly settings: SourceSettings; readonly selects: (path: string) => boolean };

/** Whether the crawl may visit an address. */
function createScope({ settings, selects }: FrontierOptions, starts: readonly string[]) {
  const { hosts = [], maxDepth = DEFAULTS.maxDepth } = settings;
  const allowed = new Set([...starts.map((start) => new URL(start).host), ...hosts.map((host) => host.toLowerCase())]);
  const isInside = (url: string) => allowed.has(new URL(url).host);
  const isWanted = ({ url, depth, isStart }: Target) =>
    depth <= maxDepth && isInside(url) && (isStart || selects(pathOf(url)));
  return { isInside, isWanted };
}

/** The addresses that a crawl has yet to visit, each once, nearest first. */
export function createFrontier(options: FrontierOptions) {
  const { maxPages = DEFAULTS.maxPages, addresses } = options.settings;
  const starts = requireSetting("addresses", addresses);
  const { isInside, isWanted } = createScope(options, starts);
  const seen = new Set<string>();
  const queue: Target[] = [];
  let taken = 0;

  /** Whether the address will be visited, or was. */
  function add(target: Target): boolean {
    if (seen.has(target.url)) return true;
    if (!isWanted(target)) return false;
    seen.add(target.url);
    queue.push(target);
    return true;
  }

  for (const url of starts.map((start) => resolveLink(start, start))) if (url) add({ url, depth: 0, isStart: true });
  return {
    add,
    isInside,
    /** The next address, or undefined at the end or at the limit. Depths only grow, so the oldest is the nearest. */
    take: (): Target | undefined => (taken < maxPages ? queue[taken++] : undefined),
    /** The limit of pages, if addresses are left beyond it. */
    reachedLimit: () => (queue.length > maxPages ? maxPages : null),
    origins: () => [...new Set(starts.map((start) => new URL(start).origin))],
  };
}
export type Frontier = ReturnType<typeof createFrontier>;
