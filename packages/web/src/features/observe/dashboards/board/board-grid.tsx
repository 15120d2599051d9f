import { type Chart, DASHBOARD_COLUMNS } from "@treadle/contract";
import { GripVertical } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { ChartCard, titleOf } from "../chart/chart-card.tsx";
import type { Viewing } from "../chart/use-chart.ts";
import type { ChangeCharts } from "../edit/chart-edits.ts";
import { ChartMenu } from "../edit/chart-menu.tsx";
import { inReadingOrder, type Step, step } from "../edit/grid-layout.ts";
import { GRID, type GridDrag, useGridDrag } from "./use-grid-drag.ts";

type GridProps = {
  charts: readonly Chart[];
  viewing: Viewing;
  isEdited: boolean;
  /** Whether this person may change the dashboard at all. */
  canEdit: boolean;
  onChange: ChangeCharts;
  onEdit: (id: string) => void;
  onEnlarge: (id: string) => void;
  onZoom: (from: Date, to: Date) => void;
};

const ARROWS: Readonly<Record<string, readonly [plain: Step, withShift: Step]>> = {
  ArrowLeft: ["left", "narrower"],
  ArrowRight: ["right", "wider"],
  ArrowUp: ["up", "shorter"],
  ArrowDown: ["down", "taller"],
};

/** The charts on twelve columns, one on a narrow screen. While it is edited they are moved by mouse, by keyboard and by menu. */
export function BoardGrid(props: GridProps) {
  const { charts, viewing, isEdited, canEdit, onChange, onEdit, onEnlarge, onZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const drag = useGridDrag(box, charts, (dropped) => onChange(() => dropped));
  const [said, setSaid] = useState("");
  const ordered = inReadingOrder(drag.shown);
  function move(id: string, way: Step) {
    const next = step(charts, id, way);
    const moved = next.find((chart) => chart.id === id);
    if (moved) setSaid(describe(moved));
    onChange((latest) => step(latest, id, way));
  }
  return (
    <>
      <div
        ref={box}
        className="grid grid-cols-12 max-md:auto-rows-auto! max-md:grid-flow-dense max-md:grid-cols-2"
        style={{ gap: GRID.gap, gridAutoRows: GRID.row }}
      >
        {/* While it is edited the order of the elements stays, so that the focus stays on what is moved. */}
        {(isEdited ? drag.shown : ordered).map((chart) => (
          <div
            key={chart.id}
            className={cellClass(chart, drag.draggedId === chart.id)}
            style={placeOf(chart, ordered.indexOf(chart))}
          >
            <ChartCard
              chart={chart}
              viewing={viewing}
              onZoom={onZoom}
              {...(isEdited && { onOpenInstead: () => onEdit(chart.id) })}
              className="grow"
              menu={
                <ChartMenu
                  chart={chart}
                  isEdited={isEdited}
                  canEdit={canEdit}
                  pageFilter={viewing.frame.filter}
                  onChange={onChange}
                  onEdit={() => onEdit(chart.id)}
                  onEnlarge={() => onEnlarge(chart.id)}
                  onStep={(way) => move(chart.id, way)}
                />
              }
              handle={isEdited && <Handle chart={chart} drag={drag} onStep={(way) => move(chart.id, way)} />}
            />
            {isEdited && <Corner chart={chart} drag={drag} />}
          </div>
        ))}
      </div>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </>
  );
}

function cellClass({ kind }: Chart, isDragged: boolean): string {
  // On a phone two numbers share a row. Any other chart has the whole width.
  const span = kind === "number" ? "" : "max-md:col-span-2";
  const dragged = isDragged ? "z-10 rounded-card opacity-80 outline-2 outline-accent" : "";
  return `relative flex min-w-0 max-md:h-(--chart-height) md:[grid-area:var(--chart-area)] ${span} ${dragged}`;
}

function placeOf({ layout: { x, y, w, h } }: Chart, order: number): CSSProperties {
  const styles = {
    "--chart-area": `${y + 1} / ${x + 1} / span ${h} / span ${w}`,
    "--chart-height": `${h * (GRID.row + GRID.gap) - GRID.gap}px`,
    order,
  };
  return styles;
}

const describe = (chart: Chart) => {
  const { x, y, w, h } = chart.layout;
  return `${titleOf(chart)}: column ${x + 1}, row ${y + 1}, ${w} of ${DASHBOARD_COLUMNS} columns wide, ${formatNumberOf(h, "row")} high`;
};

type GripProps = { chart: Chart; drag: GridDrag };

function Handle({ chart, drag, onStep }: GripProps & { onStep: (way: Step) => void }) {
  const press = (event: KeyboardEvent) => {
    const ways = ARROWS[event.key];
    if (!ways) return;
    event.preventDefault();
    onStep(ways[event.shiftKey ? 1 : 0]);
  };
  return (
    <button
      type="button"
      aria-label={`Move ${titleOf(chart)}`}
      title="Drag to move. Use arrow keys to move and Shift with arrow keys to resize."
      {...drag.grip(chart, "move")}
      onKeyDown={press}
      className="-mr-2 -ml-2 inline-flex size-6 shrink-0 cursor-grab touch-none items-center justify-center rounded-control text-muted hover:bg-raised hover:text-text active:cursor-grabbing"
    >
      <GripVertical aria-hidden size={14} />
    </button>
  );
}

/** The lower right corner, for the mouse; the keyboard has the handle and the menu. */
function Corner({ chart, drag }: GripProps) {
  return (
    <span
      aria-hidden
      data-corner={chart.id}
      {...drag.grip(chart, "size")}
      className="absolute right-0 bottom-0 size-4 cursor-nwse-resize touch-none rounded-br-card border-line-strong border-r-2 border-b-2 hover:border-accent max-md:hidden"
    />
  );
}
