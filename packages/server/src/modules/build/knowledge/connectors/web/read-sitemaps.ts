import { AppError } from "../../../../../kernel/errors.ts";
import { messageOf } from "../../../../../kernel/message-of.ts";
import { resolveLink } from "./read-page.ts";
import { addSitemap, type Visit } from "./visit-page.ts";

/** Sitemaps of a sync at most. */
const MOST_SITEMAPS = 200;

/**
 * Adds the pages of the sitemaps that robots.txt names, or of /sitemap.xml. A sitemap that cannot be read makes the listing
 * incomplete, because pages that only it names would look deleted.
 */
export async function readSitemaps(visit: Visit, more: readonly string[] = []): Promise<void> {
  const { frontier, site, listing } = visit;
  const queue: string[] = [...more];
  for (const origin of frontier.origins()) {
    const named = await site.sitemapsOf(`${origin}/`).catch((error) => {
      if (error instanceof AppError) return [];
      throw error;
    });
    queue.push(...(named.length > 0 ? named : [`${origin}/sitemap.xml`]));
  }
  const seen = new Set<string>();
  for (const text of queue) {
    const url = resolveLink(text, text);
    if (url === null || seen.has(url) || seen.size >= MOST_SITEMAPS) continue;
    seen.add(url);
    try {
      // The loop reaches what is added here.
      if (frontier.isInside(url)) queue.push(...(await readOne(visit, url)));
    } catch (error) {
      listing.signal.throwIfAborted();
      listing.warnIncomplete(`The sitemap ${url} could not be read: ${messageOf(error)}`);
    }
  }
}

/** The further sitemaps that a sitemap index names. */
async function readOne(visit: Visit, url: string): Promise<readonly string[]> {
  const { site } = visit;
  if (!(await site.isAllowed(url))) return [];
  const { status, headers, body } = await site.get(url);
  const location = [headers.location ?? []].flat()[0];
  if (status >= 300 && status < 400 && location) return [resolveLink(location, url) ?? []].flat();
  if (status >= 400 && status < 500 && status !== 429) return [];
  if (status >= 400) throw new AppError("unavailable", { message: `it answers with status ${status}.` });
  return addSitemap(visit, body) ?? [];
}
