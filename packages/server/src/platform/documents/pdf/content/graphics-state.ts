import type { FontStyle } from "../page-parts.ts";
import { IDENTITY, type Matrix } from "./matrix.ts";

/** The part of PDF's graphics and text state that places and hides text (ISO 32000-1, 8.4 and 9.3). */
export type GraphicsState = {
  toPage: Matrix;
  /** As #rrggbb, or null for a pattern. */
  fill: string | null;
  fillAlpha: number;
  strokeAlpha: number;
  renderMode: number;
  font: FontStyle;
  fontSize: number;
  charSpacing: number;
  wordSpacing: number;
  horizontalScale: number;
  leading: number;
  rise: number;
  textMatrix: Matrix;
  x: number;
  y: number;
  lineX: number;
  lineY: number;
  /** Whether the map changed and nothing was painted since: pdf.js leaves exactly this of an image that it does not decode. */
  isImageFrame: boolean;
};

const NO_FONT: FontStyle = { isBold: false, isMono: false, isVertical: false, scale: 0.001, em: 1 };

export const initialState = (toPage: Matrix): GraphicsState => ({
  toPage,
  fill: "#000000",
  fillAlpha: 1,
  strokeAlpha: 1,
  renderMode: 0,
  font: NO_FONT,
  fontSize: 0,
  charSpacing: 0,
  wordSpacing: 0,
  horizontalScale: 1,
  leading: 0,
  rise: 0,
  textMatrix: IDENTITY,
  x: 0,
  y: 0,
  lineX: 0,
  lineY: 0,
  isImageFrame: false,
});

/** Starts a line at an offset from the start of the last one. */
export function moveText(state: GraphicsState, x: number, y: number): void {
  state.lineX += x;
  state.lineY += y;
  state.x = state.lineX;
  state.y = state.lineY;
}

export function setTextMatrix(state: GraphicsState, matrix: Matrix): void {
  state.textMatrix = matrix;
  state.x = 0;
  state.y = 0;
  state.lineX = 0;
  state.lineY = 0;
}

type FontFacts = {
  readonly name?: unknown;
  readonly bold?: unknown;
  readonly black?: unknown;
  readonly isMonospace?: unknown;
  readonly vertical?: unknown;
  readonly fontMatrix?: unknown;
  readonly isType3Font?: unknown;
  readonly bbox?: unknown;
};

const BOLD = /bold|black|heavy|demi(?!light)/i;
const MONO = /mono|courier|consol|menlo|typewriter|cmtt|inconsolata/i;

/** What pdf.js knows of a font, as a style. A font that failed to load gets the usual metrics. */
export function fontStyle(font: unknown): FontStyle {
  if (typeof font !== "object" || font === null) return NO_FONT;
  const facts = font as FontFacts;
  const name = typeof facts.name === "string" ? facts.name : "";
  const matrix = Array.isArray(facts.fontMatrix) ? facts.fontMatrix.map(Number) : [0.001, 0, 0, 0.001];
  const scale = Math.abs(matrix[0] ?? 0.001) || 0.001;
  return {
    isBold: facts.bold === true || facts.black === true || BOLD.test(name),
    isMono: facts.isMonospace === true || MONO.test(name),
    isVertical: facts.vertical === true,
    scale,
    em: facts.isType3Font === true ? emOfDrawings(facts.bbox, Math.abs(matrix[3] ?? 0.001)) : 1,
  };
}

/** The height of the glyphs' common box stands in for the em, because drawings have no em. */
function emOfDrawings(bbox: unknown, scale: number): number {
  const box = bbox instanceof Object ? Array.from(bbox as ArrayLike<unknown>, Number) : [];
  const height = Math.abs((box[3] ?? 0) - (box[1] ?? 0)) * scale;
  return Number.isFinite(height) && height > 0 ? height : 1000 * scale;
}
