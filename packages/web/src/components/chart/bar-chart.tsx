import { type KeyboardEvent, useRef } from "react";
import { useElementSize } from "../browser/use-element-size.ts";

export type Bar = {
  id: string;
  label: string;
  /** Null if there is no value. */
  value: number | null;
  /** The same in the previous period. */
  before?: number | null;
  /** More values, in muted text at the end. */
  note?: string;
  /** The sum of all items without a separate bar. */
  isRest?: boolean;
};

type BarsProps = {
  label: string;
  bars: readonly Bar[];
  format: (value: number) => string;
  height: number;
  /** A click or Enter opens the item of a bar. */
  onOpen?: (bar: Bar) => void;
};

/** The maximum ratio of the sum of all others to the largest bar. */
const MOST_REST = 3;
const ROW = 28;
const THICKNESS = 12;
const LETTER = 6.4;
const GAP = 10;

/**
 * Horizontal bars from zero, each with its name on the left and its value on the right. A thin line marks the previous
 * value.
 */
export function BarChart({ label, bars, format, height, onOpen }: BarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const columns = columnsOf(bars, { width, format });
  // The sum of all others can dwarf the other bars; its bar is then cut off.
  const named = bars.filter(({ isRest }) => !isRest);
  const largest = Math.max(0, ...named.flatMap(({ value, before }) => [value ?? 0, before ?? 0]));
  const rest = Math.max(0, ...bars.filter(({ isRest }) => isRest).map(({ value }) => value ?? 0));
  const most = largest > 0 && rest > MOST_REST * largest ? largest : Math.max(largest, rest);
  const least = Math.min(0, ...bars.map(({ value }) => value ?? 0));
  const lengthOf = (value: number) => (most > least ? Math.min(1, (value - least) / (most - least)) * columns.bar : 0);
  return (
    <div ref={box} className="overflow-y-auto px-4" style={{ height }}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a drawing.
        <svg
          data-drawing
          role="group"
          aria-label={label}
          width={columns.width}
          height={bars.length * ROW + 4}
          className="block"
        >
          {bars.map((bar, place) => (
            <BarRow
              key={bar.id}
              bar={bar}
              format={format}
              columns={columns}
              lengthOf={lengthOf}
              zero={lengthOf(0)}
              isBroken={(bar.value ?? 0) > most}
              top={place * ROW}
              {...(onOpen && { onOpen: () => onOpen(bar) })}
            />
          ))}
        </svg>
      )}
    </div>
  );
}

type Columns = { width: number; name: number; bar: number; number: number };

/** Names take at most a third of the width, values what they need, and bars the rest. */
function columnsOf(bars: readonly Bar[], { width, format }: { width: number; format: BarsProps["format"] }): Columns {
  const inner = Math.max(0, width - 32);
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length)) * LETTER;
  const name = Math.min(longest(bars.map((bar) => bar.label)), inner * 0.36) + GAP;
  const number = longest(bars.map((bar) => endOf(bar, format))) + GAP;
  return { width: inner, name, number, bar: Math.max(24, inner - name - number) };
}

const endOf = ({ value, note }: Bar, format: BarsProps["format"]) =>
  `${value === null ? "no data" : format(value)}${note ? ` ${note}` : ""}`;

type RowProps = {
  bar: Bar;
  format: BarsProps["format"];
  columns: Columns;
  lengthOf: (value: number) => number;
  zero: number;
  /** The bar is longer than the available width. */
  isBroken: boolean;
  top: number;
  onOpen?: () => void;
};

function BarRow({ bar, format, columns, lengthOf, zero, isBroken, top, onOpen }: RowProps) {
  const { label, value, before, note, isRest = false } = bar;
  const end = lengthOf(value ?? 0);
  const left = columns.name + Math.min(zero, end);
  const length = Math.max(value ? 2 : 0, Math.abs(end - zero));
  const letters = Math.floor((columns.name - GAP) / LETTER);
  const words = `${label || "(none)"}: ${endOf(bar, format)}${before != null ? `, previously ${format(before)}` : ""}`;
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onOpen?.();
  };
  return (
    <g
      {...(onOpen
        ? { role: "link", tabIndex: 0, onClick: onOpen, onKeyDown: press, className: "group/bar cursor-pointer" }
        : { role: "img" })}
      aria-label={words}
      transform={`translate(0 ${top})`}
    >
      <title>{words}</title>
      <rect width={columns.width} height={ROW} fill="transparent" className="group-hover/bar:fill-raised" rx={4} />
      <text y={ROW / 2 + 4} className={`text-xs ${isRest || !label ? "fill-muted" : "fill-text"}`}>
        {shorten(label || "(none)", letters)}
      </text>
      <rect
        x={left}
        y={(ROW - THICKNESS) / 2}
        width={length}
        height={THICKNESS}
        rx={2}
        style={{ fill: `var(${isRest ? "--series-6" : "--series-1"})` }}
      />
      {isBroken && (
        <path
          d={`M${left + length - 16} ${ROW - 4} l6 -20 h4 l-6 20 z`}
          className="fill-panel group-hover/bar:fill-raised"
        />
      )}
      {before != null && (
        <rect x={columns.name + lengthOf(before) - 1} y={5} width={2} height={ROW - 10} className="fill-text" />
      )}
      <text x={left + length + 6} y={ROW / 2 + 4} className="num fill-text text-xs">
        {value === null ? "no data" : format(value)}
        {note && (
          <tspan dx={6} className="fill-muted">
            {note}
          </tspan>
        )}
      </text>
    </g>
  );
}

const shorten = (text: string, letters: number) =>
  text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
