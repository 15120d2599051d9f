import { type DomNode, isElement, isText, visit } from "./dom.ts";
import { isBlock, isHidden, isSilent } from "./elements.ts";

/** The text of an element on one line, and the hidden texts in it. */
export type CollectedText = { readonly text: string; readonly hidden: readonly string[] };

export function collectText(root: DomNode): CollectedText {
  const parts: string[] = [];
  const hidden: string[] = [];
  visit(root, {
    enter(node) {
      if (isText(node)) parts.push(node.nodeValue ?? "");
      if (!isElement(node)) return true;
      if (isSilent(node)) return false;
      if (node !== root && isHidden(node)) {
        hidden.push(hiddenText(node));
        return false;
      }
      if (isBlock(node) || node.localName === "br") parts.push(" ");
      return true;
    },
    leave(node) {
      if (isElement(node) && isBlock(node)) parts.push(" ");
    },
  });
  return { text: spaced(parts), hidden };
}

/** All text in a hidden element. */
export function hiddenText(root: DomNode): string {
  const parts: string[] = [];
  visit(root, {
    enter(node) {
      if (isText(node)) parts.push(node.nodeValue ?? "");
      if (isElement(node) && isBlock(node)) parts.push(" ");
      return !isElement(node) || !isSilent(node);
    },
    leave: () => undefined,
  });
  return spaced(parts);
}

const spaced = (parts: readonly string[]) => parts.join("").replace(/\s+/g, " ").trim();
