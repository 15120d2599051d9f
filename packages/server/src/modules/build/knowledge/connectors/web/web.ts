import { AppError } from "../../../../../kernel/errors.ts";
import type { SourceSettings } from "../../stores/source-settings.ts";
import type { Connector, ConnectorDeps, Entry, Listing } from "../shared/port.ts";
import { fetchGuarded, requireSetting } from "../shared/settings.ts";
import { createFrontier, type Target } from "./frontier.ts";
import { openSite } from "./open-site.ts";
import { readSitemaps } from "./read-sitemaps.ts";
import { type Visit, visitPage } from "./visit-page.ts";

const DEFAULT_DELAY_MS = 500;

/** Pages of web sites, found by links and sitemaps. */
export const webConnector: Connector = {
  async check({ outbound }, { addresses }) {
    for (const address of requireSetting("addresses", addresses)) await outbound.checkUrl(address);
  },
  placeOf: () => "",
  open: (deps, { settings }) => ({
    list: (listing) => crawl(deps, settings, listing),
    async read({ path, bytes }, signal) {
      return bytes ?? (await fetchGuarded(deps.outbound, { url: path, headers: {}, signal })).body;
    },
    close: async () => {},
  }),
};

async function* crawl({ outbound }: ConnectorDeps, settings: SourceSettings, listing: Listing): AsyncIterable<Entry> {
  const { delayMs = DEFAULT_DELAY_MS, usesSitemap = true } = settings;
  const { signal, selects } = listing;
  const frontier = createFrontier({ settings, selects });
  const visit: Visit = { site: openSite({ outbound, delayMs, signal }), frontier, listing };
  const errors: AppError[] = [];
  let documents = 0;
  if (usesSitemap) await readSitemaps(visit);
  for (let target = frontier.take(); target; target = frontier.take()) {
    signal.throwIfAborted();
    const entry = await visitPage(visit, target).catch((error) => failed(listing, { target, error, errors }));
    if (entry && entry.failure === undefined) documents++;
    if (entry) yield entry;
  }
  const [first] = errors;
  if (first && documents === 0) throw first;
  const limit = frontier.reachedLimit();
  if (limit !== null)
    listing.warnIncomplete(`The site has more than ${limit} pages. Raise \`maxPages\`, or narrow the patterns.`);
}

type Failure = {
  readonly target: Target;
  readonly error: unknown;
  /** Of start addresses. */
  readonly errors: AppError[];
};

/** The pages that only this page links to are missing now. They were listed earlier only if this page was. */
function failed({ signal, known, warnIncomplete }: Listing, { target, error, errors }: Failure): Entry {
  signal.throwIfAborted();
  if (!(error instanceof AppError)) throw error;
  const { url, isStart } = target;
  if (isStart) errors.push(error);
  if (isStart || known.markOf(url) !== undefined) warnIncomplete(`${url} could not be read, so its links are missing.`);
  return { path: url, mark: "", failure: error.message };
}
