import type { Block, BlockKind } from "@treadle/retrieval";
import type { TextBuilder } from "../text/text-builder.ts";

type Role = { readonly kind: Exclude<BlockKind, "table">; readonly level?: number; language?: string | undefined };

const PARAGRAPH: Role = { kind: "paragraph" };

/**
 * Gathers running text into blocks. Text belongs to the innermost role, and becomes a block when it is flushed. Items
 * start with "- " or their number.
 */
export function createFlow(builder: TextBuilder) {
  const state: State = { builder, roles: [], lists: [], parts: [], hidden: [], marker: "" };
  return {
    flush: (): void => flush(state),
    write(text: string): void {
      state.parts.push(roleIn(state).kind === "code" ? text : text.replace(/\s+/g, " "));
    },
    breakLine: () => void state.parts.push("\n"),
    /** Hidden text follows the block in which it is, as a block of its role. */
    hide: (text: string) => void state.hidden.push(text),
    begin: (next: Role) => void state.roles.push({ ...next }),
    end(): void {
      state.roles.pop();
      state.marker = "";
    },
    /** Sets the language of the code that is open, unless it has one. */
    setLanguage(language: string | null): void {
      const open = state.roles.at(-1);
      if (open?.kind === "code") open.language ??= language ?? undefined;
    },
    beginList: (firstNumber: number | null) => void state.lists.push(firstNumber),
    endList: () => void state.lists.pop(),
    beginItem: (): void => beginItem(state),
  };
}
export type Flow = ReturnType<typeof createFlow>;

type State = {
  readonly builder: TextBuilder;
  readonly roles: Role[];
  /** The next number of each open list, or null for a list without numbers. */
  readonly lists: (number | null)[];
  parts: string[];
  hidden: string[];
  /** The start of the next block of an item. */
  marker: string;
};

const roleIn = ({ roles }: State): Role => roles.at(-1) ?? PARAGRAPH;

function flush(state: State): void {
  const text = state.parts.join("");
  state.parts = [];
  addText(state, text);
  const texts = state.hidden;
  state.hidden = [];
  for (const one of texts) state.builder.add("paragraph", one, { isHidden: true });
}

function addText(state: State, text: string): void {
  const { kind, level, language } = roleIn(state);
  const options: Pick<Block, "level" | "language"> = { ...(level && { level }), ...(language && { language }) };
  if (kind === "code") {
    state.builder.add(kind, text, options);
    return;
  }
  const lines = text.replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n");
  // Two line breaks separate paragraphs.
  for (const paragraph of kind === "heading" ? [lines.replaceAll("\n", " ")] : lines.split(/\n{2,}/)) {
    if (paragraph.trim() === "") continue;
    state.builder.add(kind, (kind === "heading" ? "" : state.marker) + paragraph.trim(), options);
    state.marker = "";
  }
}

function beginItem(state: State): void {
  const number = state.lists.at(-1) ?? null;
  state.marker = number === null ? "- " : `${number}. `;
  if (number !== null) state.lists[state.lists.length - 1] = number + 1;
  state.roles.push({ kind: "list-item" });
}
