import type { Glyph, Hidden } from "../page-parts.ts";
import type { GraphicsState } from "./graphics-state.ts";
import type { Ground } from "./ground.ts";
import { apply, type Matrix, multiply } from "./matrix.ts";

export type TextTarget = {
  readonly glyphs: Glyph[];
  readonly ground: Ground;
  readonly width: number;
  readonly height: number;
  /** Whether the last glyph was a space. */
  hasSpace: boolean;
  /** Whether an optional layer that is switched off holds the text. */
  isLayerHidden: boolean;
};

type RawGlyph = {
  readonly unicode?: unknown;
  readonly width?: unknown;
  readonly isSpace?: unknown;
  readonly vmetric?: unknown;
};

const INVISIBLE_MODE = 3;
const SMALLEST_SIZE = 2;
const LEAST_ALPHA = 0.02;
/** Angles this near to a multiple of 90 degrees count as that multiple: scans and bad producers tilt text. */
const SNAP_DEGREES = 3;

/** Adds the glyphs of one operator to the page and moves the text position (ISO 32000-1, 9.4.4). */
export function showText(target: TextTarget, state: GraphicsState, items: readonly unknown[]): void {
  const toPage = multiply(state.toPage, state.textMatrix);
  const { angle, size } = placement(toPage, state);
  for (const item of items) {
    if (typeof item === "number") {
      advance(state, (-item * state.fontSize) / 1000, state.font.isVertical ? 1 : state.horizontalScale);
    } else if (typeof item === "object" && item !== null) {
      showGlyph({ target, state, toPage, angle, size }, item as RawGlyph);
    }
  }
}

type Placement = { target: TextTarget; state: GraphicsState; toPage: Matrix; angle: number; size: number };

function showGlyph({ target, state, toPage, angle, size }: Placement, raw: RawGlyph): void {
  const text = typeof raw.unicode === "string" ? raw.unicode : "";
  const width = glyphWidth(state, raw);
  const spacing = state.charSpacing + (raw.isSpace === true ? state.wordSpacing : 0);
  const [x, y] = apply(toPage, state.x, state.y + state.rise);
  advance(state, width, state.font.isVertical ? 1 : state.horizontalScale);
  const [endX, endY] = apply(toPage, state.x, state.y + state.rise);
  // Spacing belongs to the glyph: letter-spaced words would fall apart otherwise.
  advance(state, state.font.isVertical ? -spacing : spacing, state.font.isVertical ? 1 : state.horizontalScale);
  if (text.trim() === "") {
    target.hasSpace ||= text !== "";
    return;
  }
  const [spacedX, spacedY] = spacing > 0 ? apply(toPage, state.x, state.y + state.rise) : [endX, endY];
  target.glyphs.push({
    text,
    x,
    y,
    width: Math.hypot(spacedX - x, spacedY - y),
    size,
    angle,
    style: state.font,
    hidden: whyHidden({ target, state, size }, (x + endX) / 2, (y + endY) / 2),
    hasSpace: target.hasSpace,
  });
  target.hasSpace = false;
}

function glyphWidth(state: GraphicsState, raw: RawGlyph): number {
  const vertical = state.font.isVertical && Array.isArray(raw.vmetric) ? Number(raw.vmetric[0]) : Number.NaN;
  const units = Number.isFinite(vertical) ? vertical : Number(raw.width ?? 0);
  return Number.isFinite(units) ? units * state.font.scale * state.fontSize : 0;
}

function advance(state: GraphicsState, distance: number, scale: number): void {
  if (state.font.isVertical) state.y += distance;
  else state.x += distance * scale;
}

/** The size in points across the line, and the direction of the line. */
function placement(toPage: Matrix, state: GraphicsState) {
  const size = Math.abs(state.fontSize) * Math.hypot(toPage[2], toPage[3]) * state.font.em;
  const sign = state.fontSize * state.horizontalScale < 0 ? -1 : 1;
  const [dx, dy] = state.font.isVertical ? [-toPage[2], -toPage[3]] : [toPage[0] * sign, toPage[1] * sign];
  const degrees = (Math.atan2(dy, dx) * 180) / Math.PI;
  const right = Math.round(degrees / 90) * 90;
  const angle = Math.abs(degrees - right) <= SNAP_DEGREES ? right : Math.round(degrees);
  return { size, angle: (angle + 360) % 360 };
}

type Seen = { target: TextTarget; state: GraphicsState; size: number };

function whyHidden({ target, state, size }: Seen, x: number, y: number): Hidden {
  if (state.renderMode === INVISIBLE_MODE) return "mode";
  const isOffPage = x < 0 || y < 0 || x > target.width || y > target.height;
  if (isOffPage || size < SMALLEST_SIZE || target.isLayerHidden) return "other";
  const fills = state.renderMode % 4 === 0;
  const alpha = fills ? state.fillAlpha : Math.max(state.strokeAlpha, state.renderMode % 4 === 2 ? state.fillAlpha : 0);
  if (alpha <= LEAST_ALPHA) return "other";
  // A point a third of an em above the baseline lies inside the letters.
  const isLost = fills && state.fill !== null && target.ground.hides(state.fill, x, y - size / 3);
  return isLost ? "other" : null;
}
