import type { DomNode } from "./dom.ts";

/** Elements without text for a reader. */
const SILENT = new Set(
  "script style template noscript head title meta link iframe object embed canvas svg video audio map button select option datalist textarea input annotation annotation-xml dialog".split(
    " ",
  ),
);
/** What surrounds the content of a page. */
const SURROUNDINGS = new Set(["nav", "header", "footer", "aside"]);
const SURROUNDING_ROLES = new Set(["navigation", "banner", "contentinfo", "complementary", "search"]);
const BLOCKS = new Set(
  "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);

export const isSilent = ({ localName }: DomNode): boolean => SILENT.has(localName);
export const isBlock = ({ localName }: DomNode): boolean => BLOCKS.has(localName);

/** Navigation, page headers and footers, and side columns. The header of an article belongs to its content. */
export function isSurrounding(node: DomNode, isInContent: boolean): boolean {
  if (node.localName === "header" && isInContent) return false;
  return SURROUNDINGS.has(node.localName) || SURROUNDING_ROLES.has(node.getAttribute("role") ?? "");
}

const HIDING_STYLE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0*\.?0+(?:[a-z%]+)?|opacity\s*:\s*0*\.?0+%?)\s*(?:!\s*important\s*)?(?:;|$)/i;
const MOST_STYLE = 2_000;

/** Whether an attribute of the element itself hides it. Style sheets are not read. */
export function isHidden(node: DomNode): boolean {
  const hidden = node.getAttribute("hidden");
  if (hidden !== null && hidden !== "until-found") return true;
  if (node.getAttribute("aria-hidden") === "true") return true;
  const style = node.getAttribute("style");
  return style !== null && HIDING_STYLE.test(style.slice(0, MOST_STYLE));
}

/** The level of a heading, or null. */
export function headingLevel({ localName }: DomNode): number | null {
  const level = /^h([1-6])$/.exec(localName)?.[1];
  return level === undefined ? null : Number(level);
}

/** The language in a class such as `language-ts`, `lang-ts` or `highlight-source-ts`, or null. */
export function languageOf(node: DomNode): string | null {
  const names = (node.getAttribute("class") ?? "").slice(0, MOST_STYLE);
  return /(?:^|\s)(?:language|lang|highlight-source|brush:)-?\s*([\w+#.-]+)/.exec(names)?.[1] ?? null;
}
