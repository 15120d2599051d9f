import type { Pdfjs } from "../load-pdfjs.ts";
import type { FontStyle, Rectangle } from "../page-parts.ts";
import { fontStyle, type GraphicsState, initialState } from "./graphics-state.ts";
import { boundsOf, type Matrix, multiply, toMatrix } from "./matrix.ts";
import type { TextTarget } from "./show-text.ts";

export type PageSource = {
  readonly ops: Pdfjs["OPS"];
  /** From PDF space to points from the upper left corner, with the page's rotation. */
  readonly toPage: Matrix;
  readonly width: number;
  readonly height: number;
  readonly fontOf: (name: string) => unknown;
  /** Whether the marked content of an optional layer is shown. */
  readonly isLayerVisible: (layer: unknown) => boolean;
};

/** The state while the operators of a page run. */
export type Reader = TextTarget & {
  state: GraphicsState;
  readonly source: PageSource;
  readonly stack: GraphicsState[];
  readonly layers: boolean[];
  readonly fonts: Map<string, FontStyle>;
  readonly images: Rectangle[];
  isPainted: boolean;
};

/** Smaller frames are leftovers of other operators, not images. In square points. */
const SMALLEST_IMAGE = 16;

export const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);

export function openLayer(reader: Reader, isVisible: boolean): void {
  reader.layers.push(isVisible);
  if (!isVisible) reader.isLayerHidden = true;
}

export function save(reader: Reader): void {
  reader.stack.push(reader.state);
  reader.state = { ...reader.state, isImageFrame: false };
}

export function restore(reader: Reader): void {
  closeImageFrame(reader);
  reader.state = reader.stack.pop() ?? reader.state;
}

export function transform(reader: Reader, args: readonly unknown[]): void {
  reader.state.toPage = multiply(reader.state.toPage, toMatrix(args));
  reader.state.isImageFrame = true;
}

/** An image fills the unit square. pdf.js drops the operator of an image that it does not decode, but not the map before it. */
export function closeImageFrame(reader: Reader): void {
  if (!reader.state.isImageFrame) return;
  reader.state.isImageFrame = false;
  const area = boundsOf(reader.state.toPage, [0, 0, 1, 1]);
  if (area.width * area.height < SMALLEST_IMAGE) return;
  reader.images.push(area);
  reader.ground.paint(area, null);
}

export function setFont(reader: Pick<Reader, "state" | "source" | "fonts">, name: unknown, size: unknown): void {
  if (typeof name !== "string") return;
  const style = reader.fonts.get(name) ?? fontStyle(reader.source.fontOf(name));
  reader.fonts.set(name, style);
  reader.state.font = style;
  reader.state.fontSize = number(size);
}

export function setGraphics(reader: Pick<Reader, "state" | "source" | "fonts">, entries: unknown): void {
  if (!Array.isArray(entries)) return;
  for (const entry of entries) {
    if (!Array.isArray(entry)) continue;
    const [key, value] = entry;
    if (key === "ca") reader.state.fillAlpha = number(value);
    else if (key === "CA") reader.state.strokeAlpha = number(value);
    else if (key === "Font" && Array.isArray(value)) setFont(reader, value[0], value[1]);
  }
}

/** An annotation is drawn in the page's own space, whatever the state before it (ISO 32000-1, 12.5.5). */
export function beginAnnotation(reader: Reader, [, , placed, matrix]: readonly unknown[]): void {
  save(reader);
  reader.state = initialState(multiply(multiply(reader.source.toPage, toMatrix(placed)), toMatrix(matrix)));
}

type Path = { readonly path: unknown; readonly bounds: unknown; readonly isStroke: boolean };

/** Four lines and a close, in pdf.js's list of path commands and coordinates. */
const RECTANGLE_LENGTH = 16;

export function paintPath(reader: Reader, { path, bounds, isStroke: isOutline }: Path): void {
  const commands = Array.isArray(path) ? path[0] : null;
  if (!ArrayBuffer.isView(bounds) || !ArrayBuffer.isView(commands)) return;
  const [left, top, right, bottom] = Array.from(bounds as Float32Array);
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return;
  const { state } = reader;
  state.isImageFrame = false;
  const isVisible = (isOutline ? state.strokeAlpha : state.fillAlpha) > 0;
  if (!isVisible) return;
  const area = boundsOf(state.toPage, [left, top, right, bottom]);
  // A white rectangle is paper: producers often paint one under an empty page.
  if (isOutline || state.fill !== "#ffffff") reader.isPainted = true;
  if (isOutline) return;
  const isPlain = (commands as Float32Array).length <= RECTANGLE_LENGTH && state.fillAlpha === 1;
  reader.ground.paint(area, isPlain ? state.fill : null);
}
