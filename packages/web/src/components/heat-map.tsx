import { useRef, useState } from "react";
import { useElementSize } from "./use-element-size.ts";

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
};

const FOOT = 20;
const LETTER = 6.2;

/** Two dimensions as a field of squares, darker where there is more. An empty square has no data; zero is the palest. */
export function HeatMap({ label, columns, rows, cells, format, height, onOpen }: HeatProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const [hovered, setHovered] = useState<HeatCell>();
  const values = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const side = Math.min(width * 0.3, Math.max(0, ...rows.map((name) => name.length)) * LETTER + 8);
  const field = { width: Math.max(0, width - side - 32), height: height - FOOT - 24 };
  const cell = { width: field.width / Math.max(1, columns.length), height: field.height / Math.max(1, rows.length) };
  const strength = (value: number) => (most > least ? Math.round(6 + ((value - least) / (most - least)) * 94) : 0);
  const every = Math.max(1, Math.ceil((longest(columns) * LETTER + 12) / Math.max(1, cell.width)));
  return (
    <div ref={box} className="relative px-4" style={{ height }} onPointerLeave={() => setHovered(undefined)}>
      {width > 0 && (
        <svg
          data-drawing
          role="img"
          aria-label={`${label}, from ${format(least)} to ${format(most)}`}
          width={width - 32}
          height={height - 24}
          className="block"
        >
          {rows.map((name, row) => (
            <text
              key={name}
              x={side - 8}
              y={(row + 0.5) * cell.height + 4}
              textAnchor="end"
              className="num fill-muted text-[11px]"
            >
              {row % Math.max(1, Math.ceil(14 / cell.height)) === 0 ? cut(name, (side - 8) / LETTER) : ""}
            </text>
          ))}
          {cells.map((one) => (
            <HeatRect
              key={`${one.x}/${one.y}`}
              {...{ one, side, cell }}
              strength={one.value === null ? undefined : strength(one.value)}
              isHovered={hovered === one}
              onHover={() => setHovered(one)}
              {...(onOpen && { onOpen: () => onOpen(one) })}
            />
          ))}
          {columns.map((name, column) =>
            column % every === 0 ? (
              <text
                key={name}
                x={side + (column + 0.5) * cell.width}
                y={field.height + 15}
                textAnchor={column === 0 && cell.width < name.length * LETTER ? "start" : "middle"}
                className="num fill-muted text-[11px]"
              >
                {name}
              </text>
            ) : null,
          )}
        </svg>
      )}
      <Scale least={format(least)} most={format(most)} />
      {hovered && (
        <div
          className="card pointer-events-none absolute z-10 border-line-strong px-2.5 py-1.5 text-xs whitespace-nowrap shadow-md shadow-scrim/15"
          style={place(hovered, { side, cell, columns: columns.length })}
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

type Size = { width: number; height: number };

/** Beside the square, towards the middle, so that it never leaves the card. */
function place({ x, y }: HeatCell, { side, cell, columns }: { side: number; cell: Size; columns: number }) {
  const top = Math.max(0, y * cell.height - 8);
  return x > columns / 2
    ? { top, right: 16 + (columns - x) * cell.width + 6 }
    : { top, left: 16 + side + (x + 1) * cell.width + 6 };
}

type RectProps = {
  one: HeatCell;
  side: number;
  cell: Size;
  strength: number | undefined;
  isHovered: boolean;
  onHover: () => void;
  onOpen?: () => void;
};

function HeatRect({ one, side, cell, strength, isHovered, onHover, onOpen }: RectProps) {
  const gap = Math.min(2, cell.width * 0.1);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hundreds of stops would be in the way of the keyboard; the rows of the table view open the same.
    <rect
      x={side + one.x * cell.width}
      y={one.y * cell.height}
      width={Math.max(0.5, cell.width - gap)}
      height={Math.max(0.5, cell.height - gap)}
      rx={Math.min(2, cell.width / 6)}
      onPointerEnter={onHover}
      onClick={onOpen}
      className={`${onOpen ? "cursor-pointer" : ""} ${isHovered ? "stroke-text" : strength === undefined ? "stroke-line" : ""}`}
      style={{
        fill:
          strength === undefined ? "transparent" : `color-mix(in srgb, var(--series-1) ${strength}%, var(--raised))`,
      }}
    />
  );
}

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
