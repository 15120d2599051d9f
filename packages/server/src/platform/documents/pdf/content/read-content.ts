import type { Pdfjs } from "../load-pdfjs.ts";
import type { PageContent } from "../page-parts.ts";
import { initialState, moveText, setTextMatrix } from "./graphics-state.ts";
import { createGround } from "./ground.ts";
import { multiply, toMatrix } from "./matrix.ts";
import {
  beginAnnotation,
  closeImageFrame,
  number,
  openLayer,
  type PageSource,
  paintPath,
  type Reader,
  restore,
  save,
  setFont,
  setGraphics,
  transform,
} from "./page-reader.ts";
import { showText } from "./show-text.ts";

type Operators = { readonly fnArray: ArrayLike<number>; readonly argsArray: ArrayLike<unknown> };

type Handler = (reader: Reader, args: readonly unknown[]) => void;

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
