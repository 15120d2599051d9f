import type { SourceSettings } from "../../stores/schema.ts";
import { requireSetting } from "../settings.ts";
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

/** The addresses that a crawl has yet to visit, each once, nearest first. */
export function createFrontier({ settings, selects }: FrontierOptions) {
  const { hosts = [], maxDepth = DEFAULTS.maxDepth, maxPages = DEFAULTS.maxPages } = settings;
  const starts = requireSetting("addresses", settings.addresses);
  const allowed = new Set([...starts.map((start) => new URL(start).host), ...hosts.map((host) => host.toLowerCase())]);
  const seen = new Set<string>();
  const queue: Target[] = [];
  let taken = 0;

  const isInside = (url: string) => allowed.has(new URL(url).host);

  /** Whether the address will be visited, or was. */
  function add(target: Target): boolean {
    const { url, depth, isStart } = target;
    if (seen.has(url)) return true;
    const isWanted = isStart || selects(pathOf(url));
    if (depth > maxDepth || !isInside(url) || !isWanted) return false;
    seen.add(url);
    queue.push(target);
    return true;
  }

  for (const start of starts) {
    const url = resolveLink(start, start);
    if (url) add({ url, depth: 0, isStart: true });
  }
  return {
    add,
    isInside,
    /** The next address, or undefined at the end or at the limit of pages. */
    take(): Target | undefined {
      if (taken >= maxPages) return undefined;
      taken++;
      // Links are added with growing depth, so the oldest is the nearest.
      return queue[taken - 1];
    },
    /** The limit of pages, if addresses are left beyond it. */
    reachedLimit: () => (queue.length > maxPages ? maxPages : null),
    origins: () => [...new Set(starts.map((start) => new URL(start).origin))],
  };
}
export type Frontier = ReturnType<typeof createFrontier>;
