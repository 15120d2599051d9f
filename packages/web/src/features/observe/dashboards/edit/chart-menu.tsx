import { useNavigate } from "@tanstack/react-router";
import type { Chart } from "@treadle/contract";
import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  BellRing,
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
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { MenuItem, MenuLabel, MenuLine } from "../../../../components/overlay/menu.tsx";
import { useProject } from "../../../system/session/index.ts";
import { titleOf } from "../chart/chart-card.tsx";
import { monitorSearch } from "../chart/monitor-search.ts";
import { type ChangeCharts, copyChart, putBack } from "./chart-edits.ts";
import { type Step, settle } from "./grid-layout.ts";

type MenuProps = {
  chart: Chart;
  isEdited: boolean;
  /** Whether this person may change the dashboard at all. */
  canEdit: boolean;
  /** What narrows all charts of the page. */
  pageFilter: string;
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

/** The actions of a chart in addition to its downloads. Position and size appear in edit mode. */
export function ChartMenu({ chart, isEdited, canEdit, pageFilter, onChange, onEdit, onEnlarge, onStep }: MenuProps) {
  function remove() {
    onChange((charts) => settle(charts.filter(({ id }) => id !== chart.id)));
    toastDone(`Removed “${titleOf(chart)}”`, {
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
          Edit chart
        </MenuItem>
      )}
      {isEdited && (
        <>
          <MenuItem icon={<Copy size={14} />} onSelect={() => onChange((charts) => copyChart(charts, chart))}>
            Duplicate
          </MenuItem>
          <MenuLine />
          <MenuLabel>Position and size</MenuLabel>
          {steps(MOVES)}
          {steps(SIZES)}
          <MenuLine />
          <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={remove}>
            Remove from dashboard
          </MenuItem>
        </>
      )}
      {!isEdited && <CreateMonitor chart={chart} pageFilter={pageFilter} />}
      <MenuLine />
    </>
  );
}

/** Opens the form of a monitor with the measure of a chart. */
function CreateMonitor({ chart, pageFilter }: Pick<MenuProps, "chart" | "pageFilter">) {
  const navigate = useNavigate();
  const canWrite = useProject().can("monitors:write");
  if (!canWrite) return null;
  const open = () => void navigate({ to: "/monitors/new", search: monitorSearch(chart, pageFilter) });
  return (
    <MenuItem icon={<BellRing size={14} />} onSelect={open}>
      Create monitor
    </MenuItem>
  );
}
