import type { Chart } from "@treadle/contract";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { labelOf } from "../../../../components/time/time-range.ts";
import { ChartCard } from "../chart/chart-card.tsx";
import type { Viewing } from "../chart/use-chart.ts";

type EnlargedProps = {
  /** The name of the dashboard. */
  name: string;
  chart: Chart;
  viewing: Viewing;
  onZoom: (from: Date, to: Date) => void;
  close: () => void;
};

/** One chart with as much room as there is. */
export function EnlargedChart({ name, chart, viewing, onZoom, close }: EnlargedProps) {
  return (
    <Dialog title={name} description={labelOf(viewing.range)} close={close} width="full">
      <div className="flex h-[66vh]">
        <ChartCard chart={chart} viewing={viewing} onZoom={onZoom} className="grow" />
      </div>
    </Dialog>
  );
}
