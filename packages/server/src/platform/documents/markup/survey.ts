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
  const page: Page = {
    mains: [],
    articles: [],
    openTables: [],
    outerTables: new Set(),
    length: 0,
    title: null,
    firstHeading: null,
  };
  visit(root, {
    enter(node) {
      if (isElement(node)) return enterElement(node, page);
      if (isText(node)) page.length += (node.nodeValue ?? "").trim().length;
      return true;
    },
    leave(node) {
      if (page.openTables.at(-1) === node) page.openTables.pop();
      if (!isElement(node)) return;
      const region = regionsFor(node, page)?.findLast((candidate) => candidate.node === node);
      if (region) region.length = page.length - region.start;
    },
  });
  const { mains, articles, length, title, firstHeading, outerTables } = page;
  return { content: chooseContent(mains, articles, length), title, firstHeading, outerTables };
}

type Page = {
  readonly mains: Region[];
  readonly articles: Region[];
  readonly openTables: DomNode[];
  readonly outerTables: Set<DomNode>;
  /** Of the text so far. */
  length: number;
  title: string | null;
  firstHeading: string | null;
};

function enterElement(node: DomNode, page: Page): boolean {
  const { localName } = node;
  if (localName === "title") page.title ??= textOf(node);
  if (localName === "head") return true;
  if (isSilent(node) || isHidden(node) || isSurrounding(node, true)) return false;
  regionsFor(node, page)?.push({ node, start: page.length, length: -1 });
  if (localName === "h1") page.firstHeading ??= textOf(node);
  if (localName === "table") {
    const outer = page.openTables.at(-1);
    if (outer) page.outerTables.add(outer);
    page.openTables.push(node);
  }
  return true;
}

function regionsFor(node: DomNode, { mains, articles }: Page): Region[] | null {
  if (node.localName === "main" || node.getAttribute("role") === "main") return mains;
  return node.localName === "article" ? articles : null;
}

function chooseContent(mains: readonly Region[], articles: readonly Region[], length: number): DomNode | null {
  const only = articles.length === 1 ? articles : [];
  const [first, ...others] = mains.length > 0 ? mains : only;
  if (!first) return null;
  const longest = others.reduce((best, region) => (region.length > best.length ? region : best), first);
  return longest.length >= length * LEAST_SHARE ? longest.node : null;
}
