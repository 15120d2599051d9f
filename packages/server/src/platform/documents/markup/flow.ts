import type { Block, BlockKind } from "@treadle/retrieval";
import type { TextBuilder } from "../text/text-builder.ts";

type Role = { readonly kind: Exclude<BlockKind, "table">; readonly level?: number; language?: string | undefined };

const PARAGRAPH: Role = { kind: "paragraph" };

/**
 * Gathers running text into blocks. Text belongs to the innermost role, and becomes a block when it is flushed. Items
 * start with "- " or their number.
 */
export function createFlow(builder: TextBuilder) {
  const roles: Role[] = [];
  /** The next number of each open list, or null for a list without numbers. */
  const lists: (number | null)[] = [];
  let parts: string[] = [];
  let hidden: string[] = [];
  let marker = "";

  const role = () => roles.at(-1) ?? PARAGRAPH;

  function addText(text: string): void {
    const { kind, level, language } = role();
    const options: Pick<Block, "level" | "language"> = { ...(level && { level }), ...(language && { language }) };
    if (kind === "code") {
      builder.add(kind, text, options);
      return;
    }
    const lines = text.replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n");
    // Two line breaks separate paragraphs.
    for (const paragraph of kind === "heading" ? [lines.replaceAll("\n", " ")] : lines.split(/\n{2,}/)) {
      if (paragraph.trim() === "") continue;
      builder.add(kind, (kind === "heading" ? "" : marker) + paragraph.trim(), options);
      marker = "";
    }
  }
  function flush(): void {
    const text = parts.join("");
    parts = [];
    addText(text);
    const texts = hidden;
    hidden = [];
    for (const one of texts) builder.add("paragraph", one, { isHidden: true });
  }

  return {
    flush,
    write(text: string): void {
      parts.push(role().kind === "code" ? text : text.replace(/\s+/g, " "));
    },
    breakLine: () => void parts.push("\n"),
    /** Hidden text follows the block in which it is, as a block of its role. */
    hide: (text: string) => void hidden.push(text),
    begin: (next: Role) => void roles.push({ ...next }),
    end(): void {
      roles.pop();
      marker = "";
    },
    /** Sets the language of the code that is open, unless it has one. */
    setLanguage(language: string | null): void {
      const open = roles.at(-1);
      if (open?.kind === "code") open.language ??= language ?? undefined;
    },
    beginList(firstNumber: number | null): void {
      lists.push(firstNumber);
    },
    endList: () => void lists.pop(),
    beginItem(): void {
      const number = lists.at(-1) ?? null;
      marker = number === null ? "- " : `${number}. `;
      if (number !== null) lists[lists.length - 1] = number + 1;
      roles.push({ kind: "list-item" });
    },
  };
}
