import type { Kind } from "../model/span-columns.ts";
import { isCall, type TraceModel } from "../model/trace-model.ts";
import type { Zoom } from "../timeline/use-zoom.ts";
import { type Lanes, lastBefore } from "./flame-lanes.ts";

export const LANE_HEIGHT = 20;

type Picture = {
  readonly model: TraceModel;
  readonly layout: Lanes;
  readonly zoom: Zoom;
  readonly size: { readonly width: number; readonly height: number };
  readonly scrollTop: number;
  readonly open: number;
  readonly under: number;
  readonly isMarked: (place: number) => boolean;
  readonly isAside: (place: number) => boolean;
};
type Colours = Readonly<Record<"call" | "tool" | "agent" | "plain" | "bad" | "text" | "panel", string>>;

/** Draws the lines in sight; spans narrower than a pixel share one mark. */
export function drawFlame(canvas: HTMLCanvasElement, picture: Picture): void {
  const { width, height } = picture.size;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * density));
  canvas.height = Math.max(1, Math.round(height * density));
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (!context || width === 0) return;
  context.scale(density, density);
  context.font = `11px ${getComputedStyle(canvas).fontFamily}`;
  context.textBaseline = "middle";
  const colours = coloursOf(canvas);
  const first = Math.floor(picture.scrollTop / LANE_HEIGHT);
  const last = Math.min(picture.layout.lanes.length - 1, Math.ceil((picture.scrollTop + height) / LANE_HEIGHT));
  for (let lane = first; lane <= last; lane += 1) drawLane(context, picture, { lane, colours });
}

function drawLane(
  context: CanvasRenderingContext2D,
  picture: Picture,
  { lane, colours }: { lane: number; colours: Colours },
): void {
  const { model, zoom, size } = picture;
  const spans = picture.layout.lanes[lane] ?? [];
  const from = zoom.from * model.lengthMs;
  const until = zoom.to * model.lengthMs;
  const pixels = size.width / (until - from);
  const y = lane * LANE_HEIGHT - picture.scrollTop + 1;
  let drawnTo = -1;
  for (let at = Math.max(0, lastBefore(model, spans, from)); at < spans.length; at += 1) {
    const place = spans[at] ?? 0;
    const start = model.start[place] ?? 0;
    if (start > until) break;
    const left = Math.max(-4, (start - from) * pixels);
    const right = Math.min(size.width + 4, (start + (model.duration[place] ?? 0) - from) * pixels);
    const isFailed = model.statuses[place] === "error";
    if (right < drawnTo && !isFailed && place !== picture.open) continue;
    const width = Math.max(isFailed ? 2 : 0.8, right - left - 0.5);
    context.globalAlpha = picture.isAside(place) || !picture.isMarked(place) ? 0.25 : 1;
    context.fillStyle = isFailed ? colours.bad : colours[toneOf(model.kinds[place] ?? "span")];
    context.fillRect(left, y, width, LANE_HEIGHT - 2);
    if (place === picture.open || place === picture.under) {
      context.strokeStyle = colours.text;
      context.lineWidth = place === picture.open ? 2 : 1;
      context.strokeRect(left + 0.5, y + 0.5, Math.max(1, width - 1), LANE_HEIGHT - 3);
    }
    if (width > 34) write(context, { text: model.names[place] ?? "", left: Math.max(0, left), right, y, colours });
    drawnTo = left + 1;
  }
  context.globalAlpha = 1;
}

type Words = { text: string; left: number; right: number; y: number; colours: Colours };

function write(context: CanvasRenderingContext2D, { text, left, right, y, colours }: Words): void {
  const room = right - left - 8;
  if (room < 20) return;
  // About six pixels a letter: measuring every name would take longer than drawing all bars.
  const letters = Math.floor(room / 6.2);
  context.fillStyle = colours.panel;
  context.fillText(text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text, left + 4, y + 9.5);
}

function toneOf(kind: Kind): keyof Colours {
  if (isCall(kind)) return "call";
  if (kind === "agent") return "agent";
  return kind === "span" || kind === "chain" ? "plain" : "tool";
}

function coloursOf(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    call: read("--series-1"),
    tool: read("--series-2"),
    agent: read("--series-4"),
    plain: read("--series-6"),
    bad: read("--bad"),
    text: read("--text"),
    panel: read("--panel"),
  };
}
