import { AppError } from "../../../../../kernel/errors.ts";
import type { Entry, Listing } from "../shared/port.ts";
import { headerOf } from "../shared/settings.ts";
import { type Frontier, pathOf, type Target } from "./frontier.ts";
import type { Site } from "./open-site.ts";
import { conditionsOf, isDocumentType, isHtmlType, isXmlType, markOf } from "./page-mark.ts";
import { readPage, resolveLink } from "./read-page.ts";
import { readSitemap } from "./read-sitemap.ts";

export type Visit = { readonly site: Site; readonly frontier: Frontier; readonly listing: Listing };
type Response = Awaited<ReturnType<Site["get"]>>;

/** Null if the page is no document, for example because it is gone. Throws `AppError` if it could not be read. */
export async function visitPage(visit: Visit, target: Target): Promise<Entry | null> {
  const { site, listing } = visit;
  const { url } = target;
  if (!(await site.isAllowed(url))) {
    if (!target.isStart) return null;
    throw unreadable(`The site's robots.txt forbids ${url}. Choose another address, or ask the owner of the site.`);
  }
  const mark = listing.known.markOf(url);
  const response = await site.get(url, conditionsOf(mark));
  const { status } = response;
  if (status === 304 && mark !== undefined) return unchanged(visit, target, mark);
  if (status >= 300 && status < 400) return redirected(visit, target, headerOf(response.headers, "location"));
  const isGone = status === 404 || status === 410;
  if (isGone && !target.isStart) return null;
  if (status < 200 || status >= 300) throw unreadable(`${url} answers with status ${status}.`);
  return arrived(visit, target, response);
}

const unreadable = (message: string) => new AppError("unprocessable", { message });

/** A redirect is like a link that costs no depth. */
function redirected({ frontier }: Visit, target: Target, location: string | null): null {
  const next = location === null ? null : resolveLink(location, target.url);
  if (next === null) throw unreadable(`${target.url} redirects to no address.`);
  if (target.isStart && !frontier.isInside(next))
    throw unreadable(
      `${target.url} redirects to ${next}, which is another host. Begin there, or add its host to \`hosts\`.`,
    );
  frontier.add({ ...target, url: next });
  return null;
}

async function unchanged(visit: Visit, target: Target, mark: string): Promise<Entry | null> {
  const bytes = await visit.listing.known.bytesOf(target.url);
  // Without the stored bytes there are no links, so the page is requested again.
  if (bytes === null) return arrived(visit, target, await visit.site.get(target.url));
  const isHtml = Buffer.from(bytes.subarray(0, 1_000)).toString("latin1").trimStart().startsWith("<");
  if (isHtml) follow(visit, target, bytes);
  return selected(visit, { path: target.url, mark });
}

function arrived(visit: Visit, target: Target, { headers, body }: Response): Entry | null {
  const type = headerOf(headers, "content-type") ?? "";
  if (target.isStart && isXmlType(type) && addSitemap(visit, body)) return null;
  if (!isDocumentType(type)) return null;
  const isDocument = !isHtmlType(type) || follow(visit, target, body);
  return isDocument
    ? selected(visit, { path: target.url, mark: markOf(headers, body), mediaType: type, bytes: body })
    : null;
}

/** A start address is requested for its links also if the patterns do not select it. */
const selected = ({ listing }: Visit, entry: Entry) => (listing.selects(pathOf(entry.path)) ? entry : null);

/** Adds the links of a page. Gives whether the page itself is a document. */
function follow({ frontier }: Visit, { url, depth }: Target, html: Uint8Array): boolean {
  const page = readPage(Buffer.from(html).toString("utf8"), url);
  if (!page.isNoFollow) for (const link of page.links) frontier.add({ url: link, depth: depth + 1, isStart: false });
  const { canonical } = page;
  const isCopy = canonical !== null && canonical !== url && frontier.add({ url: canonical, depth, isStart: false });
  return !page.isNoIndex && !isCopy;
}

/** Whether the bytes are a sitemap. */
export function addSitemap({ frontier }: Pick<Visit, "frontier">, bytes: Uint8Array): readonly string[] | null {
  const sitemap = readSitemap(bytes);
  if (!sitemap) return null;
  for (const page of sitemap.pages) {
    const url = resolveLink(page, page);
    if (url) frontier.add({ url, depth: 0, isStart: false });
  }
  return sitemap.sitemaps;
}
