import { setTimeout as sleep } from "node:timers/promises";
import robotsParser from "robots-parser";
import { AppError } from "../../../../../kernel/errors.ts";
import type { Outbound } from "../../../../../platform/outbound/port.ts";
import { fetchGuarded } from "../shared/settings.ts";

/** The name that robots.txt files can address. */
const USER_AGENT = "TreadleBot/1.0 (+knowledge source)";
const ROBOT = "TreadleBot";
const ROBOTS_BYTES = 512 * 1024;
const PAGE_BYTES = 100 * 1024 * 1024;
const LONGEST_DELAY_MS = 60_000;

type Robots = {
  isAllowed(url: string, robot: string): boolean | undefined;
  getCrawlDelay(robot: string): number | undefined;
  getSitemaps(): string[];
};
// The package exports this function as its only value, which its types describe as a property.
const parseRobots = robotsParser as unknown as (url: string, text: string) => Robots;
type Response = Awaited<ReturnType<Outbound["request"]>>;
type Options = { readonly outbound: Outbound; readonly delayMs: number; readonly signal: AbortSignal };

/** Requests to web sites that follow their robots.txt files and wait in between. */
export function openSite({ outbound, delayMs, signal }: Options) {
  const robotsOf = new Map<string, Promise<Robots>>();
  const get = createPacedGet(outbound, signal);
  function robots(url: string): Promise<Robots> {
    const { origin } = new URL(url);
    const pending = robotsOf.get(origin) ?? loadRobots(origin, (address) => get(address, {}, delayMs));
    robotsOf.set(origin, pending);
    return pending;
  }
  return {
    /** Throws if robots.txt cannot be read: a site that does not answer forbids everything (RFC 9309). */
    isAllowed: async (url: string): Promise<boolean> => (await robots(url)).isAllowed(url, ROBOT) !== false,
    sitemapsOf: async (url: string): Promise<readonly string[]> => (await robots(url)).getSitemaps(),
    async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
      const crawlDelayMs = ((await robots(url)).getCrawlDelay(ROBOT) ?? 0) * 1_000;
      return get(url, headers, Math.min(LONGEST_DELAY_MS, Math.max(delayMs, crawlDelayMs)));
    },
  };
}

/** A GET that waits until enough time has passed since the last one. */
function createPacedGet(outbound: Outbound, signal: AbortSignal) {
  let last = Number.NEGATIVE_INFINITY;
  return async (url: string, headers: Readonly<Record<string, string>>, waitMs: number): Promise<Response> => {
    const rest = last + waitMs - performance.now();
    if (rest > 0) await sleep(rest, undefined, { signal });
    try {
      const sent = { "user-agent": USER_AGENT, accept: "*/*", ...headers };
      return await fetchGuarded(outbound, { url, headers: sent, signal, maxBytes: PAGE_BYTES });
    } finally {
      last = performance.now();
    }
  };
}
export type Site = ReturnType<typeof openSite>;

async function loadRobots(origin: string, get: (url: string) => Promise<Response>): Promise<Robots> {
  let address = `${origin}/robots.txt`;
  for (let hops = 0; hops < 5; hops++) {
    const { status, headers, body } = await get(address);
    const location = [headers.location ?? []].flat()[0];
    if (status >= 300 && status < 400 && location && URL.canParse(location, address)) {
      address = new URL(location, address).href;
      continue;
    }
    if (status >= 500 || status === 429)
      throw new AppError("unavailable", {
        message: `${origin}/robots.txt answers with status ${status}, so no page may be requested. Try again later.`,
      });
    const text = status < 300 ? body.subarray(0, ROBOTS_BYTES).toString("utf8") : "";
    return parseRobots(`${origin}/robots.txt`, text);
  }
  return parseRobots(`${origin}/robots.txt`, "");
}
