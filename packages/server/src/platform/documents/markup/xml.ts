import { DOMParser } from "linkedom";
import { AppError } from "../../../kernel/errors.ts";
import { type DomNode, isElement, visit } from "./dom.ts";

/** Entities of a document type are not resolved, so none is read from elsewhere and none multiplies. */
export function parseXml(xml: string): DomNode {
  // The document itself has no attributes, and its element may be missing.
  const { documentElement }: { documentElement: DomNode | null } = new DOMParser().parseFromString(xml, "text/xml");
  if (!documentElement) throw new AppError("unprocessable", { message: "A part of the document is no XML." });
  return documentElement;
}

/** The name of an XML element without its prefix. */
export const bareName = ({ localName }: DomNode): string => localName.slice(localName.indexOf(":") + 1);

/** All elements with a bare name, in document order. */
export function elementsOf(root: DomNode, name: string): DomNode[] {
  const elements: DomNode[] = [];
  visit(root, {
    enter(node) {
      if (isElement(node) && bareName(node) === name) elements.push(node);
      return true;
    },
    leave: () => undefined,
  });
  return elements;
}

/** The child elements with a bare name. */
export function childrenOf(node: DomNode, name: string): DomNode[] {
  const children: DomNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (isElement(child) && bareName(child) === name) children.push(child);
  return children;
}

/** The value of an attribute with or without its prefix. */
export const attributeIn = (node: DomNode, name: string, prefix: string): string | null =>
  node.getAttribute(`${prefix}:${name}`) ?? node.getAttribute(name);
