import { Parser } from "htmlparser2";

/** Links of a page at most. */
const MOST_LINKS = 5_000;

export type PageLinks = {
  /** Absolute addresses without their fragments. */
  readonly links: readonly string[];
  /** The address that the page names as its own. */
  readonly canonical: string | null;
  /** Whether the page forbids to be found, or to be followed. */
  readonly isNoIndex: boolean;
  readonly isNoFollow: boolean;
};

/** The links of an HTML page. The text is read once from start to end, so no page needs much time. */
export function readPage(html: string, address: string): PageLinks {
  const links = new Set<string>();
  let [base, canonical, directives] = [address, null as string | null, ""];
  const parser = new Parser({
    onopentag(name, attributes) {
      const { href, rel = "", content = "" } = attributes;
      if (name === "base" && href) base = resolveLink(href, address) ?? base;
      else if (name === "meta" && attributes.name?.toLowerCase() === "robots")
        directives += ` ${content.toLowerCase()}`;
      else if (name === "link" && rel.toLowerCase() === "canonical" && href) canonical ??= resolveLink(href, base);
      else if ((name === "a" || name === "area") && href && !/\bnofollow\b/i.test(rel) && links.size < MOST_LINKS) {
        const link = resolveLink(href, base);
        if (link) links.add(link);
      }
    },
  });
  parser.end(html);
  const isNone = /\bnone\b/.test(directives);
  return {
    links: [...links],
    canonical,
    isNoIndex: isNone || directives.includes("noindex"),
    isNoFollow: isNone || directives.includes("nofollow"),
  };
}

/** An http or https address without its fragment and its credentials, or null. */
export function resolveLink(href: string, base: string): string | null {
  const text = href.trim();
  if (text.length > 2_000 || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  if ((url.protocol !== "http:" && url.protocol !== "https:") || url.username || url.password) return null;
  url.hash = "";
  return url.href;
}
