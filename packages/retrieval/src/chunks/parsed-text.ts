/** What a stretch of a document is. */
export type BlockKind = "heading" | "paragraph" | "list-item" | "table" | "code" | "quote" | "caption" | "row";

/** A stretch of the canonical text with one role. */
export type Block = {
  readonly kind: BlockKind;
  /** UTF-16 offsets in the canonical text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Of a heading: 1 is the highest. */
  readonly level?: number;
  /** The page on which it starts, from 1. */
  readonly page?: number;
  /** Of a table: the end of its header row in the canonical text, which each part of a split table repeats. */
  readonly headerEnd?: number;
  /** The language of a block of code, as its fence or file name gives it. */
  readonly language?: string;
  /** Text that a reader of the document does not see. It is not indexed. */
  readonly isHidden?: true;
};

/** A page of a document that has pages. */
export type Page = {
  /** From 1. */
  readonly number: number;
  /** UTF-16 offsets in the canonical text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** In points of 1/72 inch. */
  readonly width: number;
  readonly height: number;
  /** Whether the page shows text without a text layer, as a scan does. */
  readonly needsOcr: boolean;
  /** From 0 to 1: how much of the text looks like words. */
  readonly quality: number;
};

/** A rectangle on a page, in points from the upper left corner. */
export type TextBox = {
  /** UTF-16 offsets in the canonical text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/**
 * A document as text. Blocks are in the order of the text, do not overlap, and hold no text that is not in the canonical text. Blank
 * lines between blocks belong to none.
 */
export type ParsedText = {
  /** The canonical text, to which all offsets refer. */
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Empty for a format without pages. */
  readonly pages: readonly Page[];
  /** One per line of a page; empty for a format without pages. */
  readonly boxes: readonly TextBox[];
  /** The title that the document gives itself, or null. */
  readonly title: string | null;
  /** What a person should know of the result, such as pages without text. */
  readonly warnings: readonly string[];
};
