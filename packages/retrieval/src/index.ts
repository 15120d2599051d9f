export type { Block, BlockKind, Page, ParsedText, TextBox } from "./chunks/parsed-text.ts";
