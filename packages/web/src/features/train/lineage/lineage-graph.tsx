import { type RefObject, useEffect, useRef, useState } from "react";
import { layLineage } from "./lay-lineage.ts";
import { StepCard } from "./step-card.tsx";
import type { Lineage } from "./use-lineage.ts";

/** Inputs on the left, results on the right. On a phone the steps are stacked in the same order. */
export function LineageGraph({ lineage: { steps, links, focus } }: { lineage: Lineage }) {
  const box = useRef<HTMLDivElement>(null);
  const columns = layLineage(steps, links);
  const labels = new Map(steps.map(({ id, label }) => [id, label]));
  const paths = usePaths(box, links);
  return (
    <div className="overflow-x-auto">
      <div ref={box} className="relative p-4">
        <svg aria-hidden className="pointer-events-none absolute inset-0 size-full text-line-strong max-md:hidden">
          {paths.map(({ id, path, x, y }) => (
            <g key={id}>
              <path d={path} fill="none" stroke="currentColor" strokeWidth={1.5} />
              <path
                d={`M${x - 5},${y - 4} L${x},${y} L${x - 5},${y + 4}`}
                fill="none"
                stroke="currentColor"
                strokeWidth={1.5}
              />
            </g>
          ))}
        </svg>
        <ol aria-label="From inputs to results" className="relative flex gap-7 max-md:flex-col max-md:gap-3">
          {columns.map((column) => (
            <li key={column[0]?.id} className="flex min-w-36 max-w-64 flex-1 flex-col justify-center max-md:max-w-none">
              <ul className="flex flex-col gap-3">
                {column.map((step) => {
                  const before = links.filter(({ to }) => to === step.id);
                  return (
                    <li key={step.id} data-step={step.id}>
                      <StepCard
                        step={step}
                        isFocus={step.id === focus}
                        before={before.map(({ from, label }) => `${labels.get(from)} ${label} this`)}
                      />
                      {before.length > 0 && (
                        <p aria-hidden className="mt-0.5 px-1 text-xs text-muted md:hidden">
                          {before.map(({ from, label }) => `${labels.get(from)} ${label} this`).join(" · ")}
                        </p>
                      )}
                    </li>
                  );
                })}
              </ul>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

type Path = { readonly id: string; readonly path: string; readonly x: number; readonly y: number };

/** Lines from the right edge of one card to the left edge of another, measured in the rendered page. */
function usePaths(box: RefObject<HTMLDivElement | null>, links: Lineage["links"]): readonly Path[] {
  const [paths, setPaths] = useState<readonly Path[]>([]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setPaths(measurePaths(element, links));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, links]);
  return paths;
}

function measurePaths(element: HTMLElement, links: Lineage["links"]): Path[] {
  const origin = element.getBoundingClientRect();
  const cards = new Map(
    [...element.querySelectorAll<HTMLElement>("[data-step]")].map((card) => [
      card.dataset.step,
      card.getBoundingClientRect(),
    ]),
  );
  return links.flatMap(({ from, to }) => {
    const [left, right] = [cards.get(from), cards.get(to)];
    if (!left || !right || right.left <= left.right) return [];
    const [x1, y1] = [left.right - origin.left, left.top + left.height / 2 - origin.top];
    const [x2, y2] = [right.left - origin.left, right.top + right.height / 2 - origin.top];
    const bend = Math.max(16, (x2 - x1) / 2);
    const path = `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
    return [{ id: `${from} ${to}`, path, x: x2, y: y2 }];
  });
}
