import type { Chart } from "@treadle/contract";
import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  Copy,
  FoldHorizontal,
  FoldVertical,
  type LucideIcon,
  Maximize2,
  Pencil,
  Trash2,
  UnfoldHorizontal,
  UnfoldVertical,
} from "lucide-react";
import { MenuItem, MenuLabel, MenuLine } from "../../components/menu.tsx";
import { toastDone } from "../../components/toast.tsx";
import { titleOf } from "./chart-card.tsx";
import { type ChangeCharts, copyChart, putBack } from "./chart-edits.ts";
import { type Step, settle } from "./grid-layout.ts";

type MenuProps = {
  chart: Chart;
  isEdited: boolean;
  /** Whether this person may change the dashboard at all. */
  canEdit: boolean;
  onChange: ChangeCharts;
  onEdit: () => void;
  onEnlarge: () => void;
  onStep: (way: Step) => void;
};

const MOVES: readonly (readonly [Step, string, LucideIcon])[] = [
  ["up", "Move up", ArrowUp],
  ["down", "Move down", ArrowDown],
  ["left", "Move left", ArrowLeft],
  ["right", "Move right", ArrowRight],
];
const SIZES: readonly (readonly [Step, string, LucideIcon])[] = [
  ["wider", "Wider", UnfoldHorizontal],
  ["narrower", "Narrower", FoldHorizontal],
  ["taller", "Taller", UnfoldVertical],
  ["shorter", "Shorter", FoldVertical],
];

/** What can be done with a chart, beside its downloads. Place and size are there while the dashboard is edited. */
export function ChartMenu({ chart, isEdited, canEdit, onChange, onEdit, onEnlarge, onStep }: MenuProps) {
  function remove() {
    onChange((charts) => settle(charts.filter(({ id }) => id !== chart.id)));
    toastDone(`“${titleOf(chart)}” is taken off`, {
      label: "Undo",
      run: () => onChange((charts) => putBack(charts, chart)),
    });
  }
  const steps = (list: typeof MOVES) =>
    list.map(([way, label, Icon]) => (
      <MenuItem key={way} icon={<Icon size={14} />} onSelect={() => onStep(way)}>
        {label}
      </MenuItem>
    ));
  return (
    <>
      {!isEdited && (
        <MenuItem icon={<Maximize2 size={14} />} onSelect={onEnlarge}>
          Enlarge
        </MenuItem>
      )}
      {canEdit && (
        <MenuItem icon={<Pencil size={14} />} onSelect={onEdit}>
          Edit the chart
        </MenuItem>
      )}
      {isEdited && (
        <>
          <MenuItem icon={<Copy size={14} />} onSelect={() => onChange((charts) => copyChart(charts, chart))}>
            Duplicate
          </MenuItem>
          <MenuLine />
          <MenuLabel>Place and size</MenuLabel>
          {steps(MOVES)}
          {steps(SIZES)}
          <MenuLine />
          <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={remove}>
            Take off the dashboard
          </MenuItem>
        </>
      )}
      <MenuLine />
    </>
  );
}
