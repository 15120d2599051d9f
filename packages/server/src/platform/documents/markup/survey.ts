import { type DomNode, isElement, isText, textOf, visit } from "./dom.ts";
import { isHidden, isSilent, isSurrounding } from "./elements.ts";

export type Survey = {
  /** The element with the content of the page, or null if the whole page is the content. */
  readonly content: DomNode | null;
  readonly title: string | null;
  readonly firstHeading: string | null;
  /** Tables that hold other tables, as layouts do. */
  readonly outerTables: ReadonlySet<DomNode>;
};
type Region = { readonly node: DomNode; readonly start: number; length: number };

/** An element with less of the text than this is not the content, but a teaser. */
const LEAST_SHARE = 0.25;

/** Looks over a page once, before its text is read. */
export function survey(root: DomNode): Survey {
  const mains: Region[] = [];
  const articles: Region[] = [];
  const openTables: DomNode[] = [];
  const outerTables = new Set<DomNode>();
  let [length, title, firstHeading]: [number, string | null, string | null] = [0, null, null];

  function enterElement(node: DomNode): boolean {
    const { localName } = node;
    if (localName === "title") title ??= textOf(node);
    if (localName === "head") return true;
    const regions = isMain(node) ? mains : localName === "article" ? articles : null;
    if (isSilent(node) || isHidden(node) || isSurrounding(node, true)) return false;
    regions?.push({ node, start: length, length: -1 });
    if (localName === "h1") firstHeading ??= textOf(node);
    if (localName === "table") {
      const outer = openTables.at(-1);
      if (outer) outerTables.add(outer);
      openTables.push(node);
    }
    return true;
  }
  visit(root, {
    enter(node) {
      if (isElement(node)) return enterElement(node);
      if (isText(node)) length += (node.nodeValue ?? "").trim().length;
      return true;
    },
    leave(node) {
      if (openTables.at(-1) === node) openTables.pop();
      if (!isElement(node)) return;
      const regions = isMain(node) ? mains : node.localName === "article" ? articles : [];
      const region = regions.findLast((candidate) => candidate.node === node);
      if (region) region.length = length - region.start;
    },
  });
  return { content: chooseContent(mains, articles, length), title, firstHeading, outerTables };
}

const isMain = (node: DomNode) => node.localName === "main" || node.getAttribute("role") === "main";

function chooseContent(mains: readonly Region[], articles: readonly Region[], length: number): DomNode | null {
  const only = articles.length === 1 ? articles : [];
  const [first, ...others] = mains.length > 0 ? mains : only;
  if (!first) return null;
  const longest = others.reduce((best, region) => (region.length > best.length ? region : best), first);
  return longest.length >= length * LEAST_SHARE ? longest.node : null;
}
