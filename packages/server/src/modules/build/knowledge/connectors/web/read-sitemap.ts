import { gunzipSync } from "node:zlib";
import { Parser } from "htmlparser2";

/** The limits of the sitemap protocol. */
const MOST_BYTES = 50 * 1024 * 1024;
const MOST_ADDRESSES = 50_000;

export type Sitemap = { readonly pages: readonly string[]; readonly sitemaps: readonly string[] };

/** The addresses of a sitemap or of a sitemap index. Null for bytes that are neither. Throws if the compression is damaged. */
export function readSitemap(bytes: Uint8Array): Sitemap | null {
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const xml = Buffer.from(isCompressed ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes).toString("utf8");
  const found = { url: [] as string[], sitemap: [] as string[] };
  let [isSitemap, within, text] = [false, "", null as string | null];
  const parser = new Parser(
    {
      onopentag(name) {
        const bare = name.replace(/^.*:/, "");
        if (bare === "urlset" || bare === "sitemapindex") isSitemap = true;
        if (bare === "url" || bare === "sitemap") within = bare;
        if (name === "loc" || (bare === "loc" && !name.startsWith("image:") && !name.startsWith("video:"))) text = "";
      },
      ontext(part) {
        if (text !== null) text += part;
      },
      onclosetag() {
        if (text === null) return;
        const addresses = within === "sitemap" ? found.sitemap : found.url;
        if (addresses.length < MOST_ADDRESSES) addresses.push(text.trim());
        text = null;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return isSitemap ? { pages: found.url, sitemaps: found.sitemap } : null;
}
