import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useThemeName } from "../browser/theme.ts";
import { useHighlight } from "./chart-highlight.ts";
import { listen } from "./plot-brush.ts";
import { dataOf, type Hover, highlight, optionsOf } from "./plot-options.ts";
import { hasValues, type PlotProps } from "./plot-series.ts";
import { PlotTooltip } from "./plot-tooltip.tsx";

export type { PlotProps, Series } from "./plot-series.ts";

/** The drawing itself: a uPlot canvas that follows its box, the theme and the data. */
export function Plot(props: PlotProps) {
  if (hasValues(props.series)) return <Canvas {...props} />;
  return (
    <p
      className="flex items-center justify-center px-4 pb-4 text-center text-muted"
      style={{ height: props.height + 8 }}
    >
      No data in this time range
    </p>
  );
}

function Canvas(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [hover, setHover] = useState<Hover>();
  const theme = useThemeName();
  const { label } = useHighlight();
  const { times, series, height, marks } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the page, so a new theme means a new drawing; callbacks come from `latest`.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(
      optionsOf(latest.current, { width: element.clientWidth, setHover }),
      dataOf(latest.current),
      element,
    );
    drawn.current = plot;
    const stopListening = listen(plot, latest);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: latest.current.height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      stopListening();
      plot.destroy();
      drawn.current = undefined;
    };
  }, [times, series, height, marks, theme]);
  useEffect(() => {
    if (drawn.current) highlight(drawn.current, latest.current.series, label);
  }, [label]);
  return (
    <div className="relative px-2 pb-2">
      <div
        ref={box}
        style={{ height }}
        role="img"
        aria-label={summaryOf(props)}
        onPointerLeave={() => setHover(undefined)}
      />
      {hover && <PlotTooltip hover={hover} {...props} />}
    </div>
  );
}

const summaryOf = ({ series }: PlotProps) =>
  series.map(({ label, summary }) => (summary ? `${label} ${summary}` : label)).join(", ");
