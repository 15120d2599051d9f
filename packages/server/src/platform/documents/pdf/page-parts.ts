/** How a font looks, as far as it tells headings and code from other text. */
export type FontStyle = {
  readonly isBold: boolean;
  readonly isMono: boolean;
  readonly isVertical: boolean;
  /** From glyph units to one em. */
  readonly scale: number;
  /** Height of an em relative to the font size: not 1 for some fonts whose glyphs are drawings (Type 3). */
  readonly em: number;
};

/** Why a reader does not see a glyph: `mode` is the render mode 3, which the text layer of a scan uses. */
export type Hidden = "mode" | "other" | null;

/** A glyph in page space: points from the upper left corner, y downwards. */
export type Glyph = {
  readonly text: string;
  /** The origin on the baseline. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  /** Direction of the text in degrees, clockwise; a multiple of 90 for nearly all text. */
  readonly angle: number;
  readonly style: FontStyle;
  readonly hidden: Hidden;
  /** A space character precedes it. */
  readonly hasSpace: boolean;
};

export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** What the operators of one page paint. */
export type PageContent = {
  readonly glyphs: readonly Glyph[];
  /** Where images are. */
  readonly images: readonly Rectangle[];
  /** Whether anything other than text is painted. */
  readonly isPainted: boolean;
};

/** A glyph in the frame of its text: u along the baseline, v across the lines, both in points. */
export type Cell = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
  readonly size: number;
  readonly style: FontStyle;
  readonly hasSpace: boolean;
};

/** Cells without a wide gap between them, from left to right. */
export type Segment = {
  readonly cells: readonly Cell[];
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
  readonly size: number;
};

/** A part of a line between wide gaps: the text of a table cell, or of the whole line. */
export type LinePart = { readonly text: string; readonly start: number; readonly end: number };

export type Line = {
  readonly text: string;
  readonly parts: readonly LinePart[];
  /** In the frame of the text. */
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
  /** Of most of its characters, in points. */
  readonly size: number;
  readonly isBold: boolean;
  readonly isMono: boolean;
  readonly isHidden: boolean;
  /** Lines of one column follow each other; a new column has a new number. */
  readonly region: number;
  readonly box: Rectangle;
};

/** A page as lines in reading order. */
export type PageLines = {
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  readonly needsOcr: boolean;
};

/** Lines with one role, before they become text. */
export type Draft = {
  readonly kind: "heading" | "paragraph" | "list-item" | "table" | "code" | "caption";
  readonly lines: readonly Line[];
  readonly level?: number;
  /** Of a table: its rows of cells, and the lines of each row. */
  readonly rows?: readonly TableRow[];
};

export type TableRow = { readonly cells: readonly string[]; readonly lines: readonly Line[] };
