import { useRef } from "react";
import { useElementSize } from "../browser/use-element-size.ts";

const HEIGHT = 40;
const EDGE = 2;

/** The course of a number without axes, from zero. Where nothing was measured the line has a gap. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  return (
    <div ref={box} className="mt-auto min-w-0">
      {width > 0 && (
        <svg data-drawing aria-hidden width={width} height={HEIGHT} className="block">
          {stretchesOf(values, width).map((points) => (
            <g key={points}>
              <polyline
                points={points}
                fill="none"
                strokeWidth={1.5}
                strokeLinejoin="round"
                style={{ stroke: "var(--series-1)" }}
              />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

/** The points of every stretch without a gap. A lonely value becomes a short line, so that it is seen. */
function stretchesOf(values: readonly (number | null)[], width: number): readonly string[] {
  const numbers = values.filter((value) => value !== null);
  const [least, most] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  const step = width / Math.max(1, values.length - 1);
  const top = (value: number) =>
    most > least ? HEIGHT - EDGE - ((value - least) / (most - least)) * (HEIGHT - 2 * EDGE) : HEIGHT - EDGE;
  const stretches: string[][] = [[]];
  for (const [place, value] of values.entries()) {
    if (value === null) stretches.push([]);
    else stretches.at(-1)?.push(`${(place * step).toFixed(1)},${top(value).toFixed(1)}`);
  }
  return stretches.flatMap((points) => {
    const [only] = points;
    if (only === undefined) return [];
    const [left = "0", height = "0"] = only.split(",");
    return [points.length > 1 ? points.join(" ") : `${only} ${(Number(left) + 2).toFixed(1)},${height}`];
  });
}
