import { memo, useRef } from "react";
import { useElementSize } from "../browser/use-element-size.ts";
import { type HeatSize, useHeatPointer } from "./heat-pointer.ts";
import { timeTicks } from "./time-ticks.ts";

export type HeatCell = { x: number; y: number; value: number | null };
type HeatProps = {
  label: string;
  /** The names of the columns from left to right, and of the rows from top to bottom. */
  columns: readonly string[];
  rows: readonly string[];
  cells: readonly HeatCell[];
  format: (value: number) => string;
  height: number;
  onOpen?: (cell: HeatCell) => void;
  /** The first and the last moment of the columns in milliseconds, where they are steps of time. */
  time?: { from: number; to: number } | undefined;
  /** A drag chose these columns, both included; only where columns are steps of time. */
  onZoom?: (first: number, last: number) => void;
};

const FOOT = 20;
const LETTER = 6.8;
const EDGE = 32;

/**
 * Two dimensions as a field of squares, darker where there is more. An empty square has no data; zero is the palest.
 */
export function HeatMap(props: HeatProps) {
  const { label, columns, rows, cells, format, height, time, onOpen, onZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const values = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const side = Math.min(width * 0.3, longest(rows) * LETTER + 14);
  const field = { width: Math.max(0, width - side - EDGE), height: height - FOOT - 24 };
  const size: HeatSize = {
    side,
    width: field.width / Math.max(1, columns.length),
    height: field.height / Math.max(1, rows.length),
    columns: columns.length,
    rows: rows.length,
  };
  const { place, chosen, handlers } = useHeatPointer(size, {
    ...(onOpen && {
      onOpen: (x, y) => onOpen(cells.find((cell) => cell.x === x && cell.y === y) ?? { x, y, value: null }),
    }),
    ...(onZoom && { onZoom }),
  });
  const hovered = place && cells.find(({ x, y }) => x === place.x && y === place.y);
  return (
    <div ref={box} className="relative px-4" style={{ height }}>
      {width > 0 && (
        // Hundreds of squares would slow down keyboard users; the table rows open the same items.
        <svg
          data-drawing
          role="img"
          aria-label={`${label}, from ${format(least)} to ${format(most)}`}
          width={width - EDGE}
          height={height - 24}
          className={`block touch-pan-y select-none ${onZoom ? "cursor-crosshair" : onOpen ? "cursor-pointer" : ""}`}
          {...handlers}
        >
          <RowNames names={rows} size={size} />
          <Squares
            cells={cells}
            side={side}
            least={least}
            most={most}
            cellWidth={size.width}
            cellHeight={size.height}
          />
          {time ? (
            <TimeNames time={time} left={side} width={field.width} top={field.height + 15} />
          ) : (
            <ColumnNames names={columns} size={size} top={field.height + 15} />
          )}
          {hovered && (
            <rect
              x={side + hovered.x * size.width}
              y={hovered.y * size.height}
              width={Math.max(0.5, size.width - gapOf(size.width))}
              height={Math.max(0.5, size.height - gapOf(size.width))}
              className="pointer-events-none fill-none stroke-text"
            />
          )}
          {chosen && (
            <rect
              x={side + chosen.first * size.width}
              width={(chosen.last - chosen.first + 1) * size.width}
              height={field.height}
              className="pointer-events-none fill-text/12 stroke-text"
            />
          )}
        </svg>
      )}
      <Scale least={format(least)} most={format(most)} />
      {hovered && !chosen && (
        <div
          className="card pointer-events-none absolute z-10 border-line-strong px-2.5 py-1.5 text-xs whitespace-nowrap shadow-md shadow-scrim/15"
          style={beside(hovered, size)}
        >
          <div className="text-muted">
            {columns[hovered.x]} · {rows[hovered.y]}
          </div>
          <div className="num font-medium">{hovered.value === null ? "no data" : format(hovered.value)}</div>
        </div>
      )}
    </div>
  );
}

const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
const cut = (text: string, letters: number) =>
  text.length <= letters ? text : `${text.slice(0, Math.max(1, Math.floor(letters) - 1))}…`;
const gapOf = (width: number) => Math.min(2, width * 0.1);

/** Next to the square, towards the middle, so that it stays inside the card. */
function beside({ x, y }: HeatCell, { side, width, height, columns }: HeatSize) {
  const top = Math.max(0, y * height - 8);
  return x > columns / 2
    ? { top, right: 16 + (columns - x) * width + 6 }
    : { top, left: 16 + side + (x + 1) * width + 6 };
}

function RowNames({ names, size: { side, height } }: { names: readonly string[]; size: HeatSize }) {
  const every = Math.max(1, Math.ceil(14 / height));
  return names.map((name, row) =>
    row % every === 0 ? (
      <text
        key={name}
        x={side - 8}
        y={(row + 0.5) * height + 4}
        textAnchor="end"
        className="num fill-muted text-[11px]"
      >
        <title>{name}</title>
        {cut(name, (side - 8) / LETTER)}
      </text>
    ) : null,
  );
}

type ColumnProps = { names: readonly string[]; size: HeatSize; top: number };

/** As many names as fit, each cut at the next name. */
function ColumnNames({ names, size: { side, width }, top }: ColumnProps) {
  const wanted = Math.min(longest(names) * LETTER + 12, MOST_NAME);
  const every = Math.max(1, Math.ceil(wanted / Math.max(1, width)));
  return names.map((name, column) => {
    const letters = (Math.min(every, names.length - column) * width - 8) / LETTER;
    if (column % every !== 0 || letters < Math.min(name.length, FEWEST_LETTERS)) return null;
    const isWide = every === 1;
    return (
      <text
        key={name}
        x={side + (isWide ? (column + 0.5) * width : column * width)}
        y={top}
        textAnchor={isWide ? "middle" : "start"}
        className="num fill-muted text-[11px]"
      >
        <title>{name}</title>
        {cut(name, letters)}
      </text>
    );
  });
}

/** Wider than this, a name is cut. */
const MOST_NAME = 120;
/** With fewer characters, a cut name is not useful. */
const FEWEST_LETTERS = 4;
/** Width of one time label and its gap. */
const TIME_NAME = 64;

type TimeProps = { time: { from: number; to: number }; left: number; width: number; top: number };

/** Round times where they are, none of them beyond the edge. */
function TimeNames({ time, left, width, top }: TimeProps) {
  return timeTicks(time, Math.floor(width / TIME_NAME)).map(({ at, text }) => {
    const half = (text.length * LETTER) / 2;
    const middle = Math.min(width - half, Math.max(half, at * width));
    return (
      <text key={text + at} x={left + middle} y={top} textAnchor="middle" className="num fill-muted text-[11px]">
        {text}
      </text>
    );
  });
}

type SquaresProps = {
  cells: readonly HeatCell[];
  side: number;
  cellWidth: number;
  cellHeight: number;
  least: number;
  most: number;
};

/** Drawn once per response and size, not on pointer moves. */
const Squares = memo(function Squares({ cells, side, cellWidth, cellHeight, least, most }: SquaresProps) {
  const gap = gapOf(cellWidth);
  const strength = (value: number) => (most > least ? Math.round(6 + ((value - least) / (most - least)) * 94) : 0);
  return cells.map(({ x, y, value }) => (
    <rect
      key={`${x}/${y}`}
      x={side + x * cellWidth}
      y={y * cellHeight}
      width={Math.max(0.5, cellWidth - gap)}
      height={Math.max(0.5, cellHeight - gap)}
      rx={Math.min(2, cellWidth / 6)}
      className={value === null ? "stroke-line" : ""}
      style={{
        fill: value === null ? "transparent" : `color-mix(in srgb, var(--series-1) ${strength(value)}%, var(--raised))`,
      }}
    />
  ));
});

function Scale({ least, most }: { least: string; most: string }) {
  return (
    <div className="num flex items-center justify-end gap-1.5 text-[11px] leading-5 text-muted">
      {least}
      <span
        aria-hidden
        className="h-2 w-16 rounded-[2px] bg-[linear-gradient(to_right,color-mix(in_srgb,var(--series-1)_6%,var(--raised)),var(--series-1))]"
      />
      {most}
    </div>
  );
}
