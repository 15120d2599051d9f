import { parseHTML } from "linkedom";

/** What readers use of the nodes of an HTML or XML tree. */
export type DomNode = {
  readonly nodeType: number;
  /** In lower case for HTML; with its prefix for XML, such as `a:t`. */
  readonly localName: string;
  readonly nodeValue: string | null;
  readonly firstChild: DomNode | null;
  readonly nextSibling: DomNode | null;
  readonly parentNode: DomNode | null;
  getAttribute(name: string): string | null;
};
export type DomVisitor = {
  /** Called before the children. If it returns false, the children and `leave` are skipped. */
  enter(node: DomNode): boolean;
  /** Called after the children of a node, also of a node without children. */
  leave(node: DomNode): void;
};

const [ELEMENT, TEXT, CDATA] = [1, 3, 4];
export const isElement = (node: DomNode): boolean => node.nodeType === ELEMENT;
export const isText = (node: DomNode): boolean => node.nodeType === TEXT || node.nodeType === CDATA;

/** With its declarations. The library neither reads them nor links a document type with the nodes that follow. */
const DOCTYPE = /<!doctype[^>[]{0,1000}(?:\[[^\]]{0,100000}\][^>]{0,1000})?>/gi;

/** Scripts are not run, and nothing is loaded. */
export const parseHtml = (html: string): DomNode => parseHTML(html.replace(DOCTYPE, "")).document;

/** Visits a tree without recursion, so that deep nesting does not overflow the stack. */
export function visit(root: DomNode, { enter, leave }: DomVisitor): void {
  let node: DomNode | null = root;
  while (node) {
    const isEntered = enter(node);
    const child: DomNode | null = isEntered ? node.firstChild : null;
    if (child) {
      node = child;
      continue;
    }
    if (isEntered) leave(node);
    while (node && node !== root && !node.nextSibling) {
      node = node.parentNode;
      if (node) leave(node);
    }
    node = node === root ? null : (node?.nextSibling ?? null);
  }
}

/** The text of a node and of all nodes in it. */
export function textOf(root: DomNode): string {
  const parts: string[] = [];
  visit(root, {
    enter(node) {
      if (isText(node)) parts.push(node.nodeValue ?? "");
      return true;
    },
    leave: () => undefined,
  });
  return parts.join("");
}
