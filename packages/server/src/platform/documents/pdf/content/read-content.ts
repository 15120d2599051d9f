import type { Pdfjs } from "../load-pdfjs.ts";
import type { FontStyle, PageContent, Rectangle } from "../types.ts";
import { fontStyle, type GraphicsState, initialState, moveText, setTextMatrix } from "./graphics-state.ts";
import { createGround } from "./ground.ts";
import { boundsOf, type Matrix, multiply, toMatrix } from "./matrix.ts";
import { showText, type TextTarget } from "./show-text.ts";

type Operators = { readonly fnArray: ArrayLike<number>; readonly argsArray: ArrayLike<unknown> };

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

type Reader = TextTarget & {
  state: GraphicsState;
  readonly source: PageSource;
  readonly stack: GraphicsState[];
  readonly layers: boolean[];
  readonly fonts: Map<string, FontStyle>;
  readonly images: Rectangle[];
  isPainted: boolean;
};

type Handler = (reader: Reader, args: readonly unknown[]) => void;

/** Smaller frames are leftovers of other operators, not images. In square points. */
const SMALLEST_IMAGE = 16;

/** Runs the operators of a page: where its glyphs are, which of them a reader sees, and what else is painted. */
export function readContent(operators: Operators, source: PageSource): PageContent {
  const reader: Reader = {
    glyphs: [],
    ground: createGround(),
    width: source.width,
    height: source.height,
    hasSpace: false,
    isLayerHidden: false,
    state: initialState(source.toPage),
    source,
    stack: [],
    layers: [],
    fonts: new Map(),
    images: [],
    isPainted: false,
  };
  const handlers = handlersFor(source.ops);
  for (let index = 0; index < operators.fnArray.length; index++) {
    const args = operators.argsArray[index];
    handlers.get(operators.fnArray[index] ?? -1)?.(reader, Array.isArray(args) ? args : []);
  }
  while (reader.stack.length > 0) restore(reader);
  closeImageFrame(reader);
  return { glyphs: reader.glyphs, images: reader.images, isPainted: reader.isPainted };
}

const tables = new WeakMap<Pdfjs["OPS"], ReadonlyMap<number, Handler>>();

function handlersFor(ops: Pdfjs["OPS"]): ReadonlyMap<number, Handler> {
  const existing = tables.get(ops);
  if (existing !== undefined) return existing;
  const table = new Map([...stateHandlers(ops), ...textHandlers(ops), ...paintHandlers(ops), ...layerHandlers(ops)]);
  tables.set(ops, table);
  return table;
}

const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);

const stateHandlers = (ops: Pdfjs["OPS"]): [number, Handler][] => [
  [ops.save, save],
  [ops.restore, restore],
  [ops.beginGroup, save],
  [ops.endGroup, restore],
  [ops.transform, transform],
  [ops.setGState, ({ state, source, fonts }, [entries]) => setGraphics({ state, source, fonts }, entries)],
  [
    ops.paintFormXObjectBegin,
    (reader, [matrix]) => {
      save(reader);
      reader.state.toPage = multiply(reader.state.toPage, toMatrix(matrix));
    },
  ],
  [ops.paintFormXObjectEnd, restore],
  [ops.beginAnnotation, beginAnnotation],
  [ops.endAnnotation, restore],
];

type NumberKey = "charSpacing" | "wordSpacing" | "horizontalScale" | "leading" | "rise" | "renderMode";

const setNumber =
  (key: NumberKey, scale = 1): Handler =>
  ({ state }, [value]) => {
    state[key] = number(value) * scale;
  };

/** A fill color comes as #rrggbb; a pattern comes as anything else. */
const setFill: Handler = ({ state }, [color]) => {
  state.fill = typeof color === "string" && color.startsWith("#") ? color : null;
};

const textHandlers = (ops: Pdfjs["OPS"]): [number, Handler][] => [
  [ops.beginText, ({ state }) => setTextMatrix(state, toMatrix(null))],
  [ops.setCharSpacing, setNumber("charSpacing")],
  [ops.setWordSpacing, setNumber("wordSpacing")],
  [ops.setHScale, setNumber("horizontalScale", 0.01)],
  [ops.setLeading, setNumber("leading")],
  [ops.setTextRise, setNumber("rise")],
  [ops.setTextRenderingMode, setNumber("renderMode")],
  [ops.setFont, (reader, [name, size]) => setFont(reader, name, size)],
  [ops.moveText, ({ state }, [x, y]) => moveText(state, number(x), number(y))],
  [
    ops.setLeadingMoveText,
    ({ state }, [x, y]) => {
      state.leading = -number(y);
      moveText(state, number(x), number(y));
    },
  ],
  [ops.setTextMatrix, ({ state }, args) => setTextMatrix(state, toMatrix(args.length === 1 ? args[0] : args))],
  [ops.nextLine, ({ state }) => moveText(state, 0, -state.leading)],
  [
    ops.showText,
    (reader, [items]) => {
      reader.state.isImageFrame = false;
      if (Array.isArray(items)) showText(reader, reader.state, items);
    },
  ],
];

const paintHandlers = (ops: Pdfjs["OPS"]): [number, Handler][] => [
  [ops.setFillRGBColor, setFill],
  [ops.setFillColorN, setFill],
  [ops.setFillTransparent, setFill],
  [
    ops.constructPath,
    (reader, [operator, path, bounds]) => {
      if (operator !== ops.endPath) paintPath(reader, { path, bounds, isStroke: isStroke(ops, operator) });
    },
  ],
  [
    ops.shadingFill,
    (reader) => {
      reader.isPainted = true;
      reader.ground.paint({ x: 0, y: 0, width: reader.width, height: reader.height }, null);
    },
  ],
];

const isStroke = (ops: Pdfjs["OPS"], operator: unknown) => operator === ops.stroke || operator === ops.closeStroke;

const layerHandlers = (ops: Pdfjs["OPS"]): [number, Handler][] => [
  [ops.beginMarkedContent, (reader) => openLayer(reader, true)],
  [
    ops.beginMarkedContentProps,
    (reader, [tag, layer]) => openLayer(reader, tag !== "OC" || reader.source.isLayerVisible(layer)),
  ],
  [
    ops.endMarkedContent,
    (reader) => {
      reader.layers.pop();
      reader.isLayerHidden = reader.layers.includes(false);
    },
  ],
];

function openLayer(reader: Reader, isVisible: boolean): void {
  reader.layers.push(isVisible);
  if (!isVisible) reader.isLayerHidden = true;
}

function save(reader: Reader): void {
  reader.stack.push(reader.state);
  reader.state = { ...reader.state, isImageFrame: false };
}

function restore(reader: Reader): void {
  closeImageFrame(reader);
  reader.state = reader.stack.pop() ?? reader.state;
}

function transform(reader: Reader, args: readonly unknown[]): void {
  reader.state.toPage = multiply(reader.state.toPage, toMatrix(args));
  reader.state.isImageFrame = true;
}

/** An image fills the unit square. pdf.js drops the operator of an image that it does not decode, but not the map before it. */
function closeImageFrame(reader: Reader): void {
  if (!reader.state.isImageFrame) return;
  reader.state.isImageFrame = false;
  const area = boundsOf(reader.state.toPage, [0, 0, 1, 1]);
  if (area.width * area.height < SMALLEST_IMAGE) return;
  reader.images.push(area);
  reader.ground.paint(area, null);
}

function setFont(reader: Pick<Reader, "state" | "source" | "fonts">, name: unknown, size: unknown): void {
  if (typeof name !== "string") return;
  const style = reader.fonts.get(name) ?? fontStyle(reader.source.fontOf(name));
  reader.fonts.set(name, style);
  reader.state.font = style;
  reader.state.fontSize = number(size);
}

function setGraphics(reader: Pick<Reader, "state" | "source" | "fonts">, entries: unknown): void {
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
function beginAnnotation(reader: Reader, [, , placed, matrix]: readonly unknown[]): void {
  save(reader);
  reader.state = initialState(multiply(multiply(reader.source.toPage, toMatrix(placed)), toMatrix(matrix)));
}

type Path = { readonly path: unknown; readonly bounds: unknown; readonly isStroke: boolean };

/** Four lines and a close, in pdf.js's list of path commands and coordinates. */
const RECTANGLE_LENGTH = 16;

function paintPath(reader: Reader, { path, bounds, isStroke: isOutline }: Path): void {
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
