import { RowEditor } from "../../../components/form/row-editor.tsx";
import { type DraftMeasure, MarginField, MetricFields, MetricSelect } from "../comparisons/index.ts";

type Props = {
  metrics: readonly DraftMeasure[];
  error: string | undefined;
  onChange: (metrics: DraftMeasure[]) => void;
};

const BLANK: DraftMeasure = { metric: { kind: "schema" }, margin: 0.02 };

/** The metrics of a test, each with the difference that is too small to matter. */
export function MetricsField({ metrics, error, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">Metrics</legend>
      <p className="text-xs text-muted">
        A difference below the margin is too small to matter. Fewer metrics decide sooner.
      </p>
      <RowEditor
        rows={metrics}
        onChange={(rows) => onChange([...rows])}
        blank={BLANK}
        addLabel="Add metric"
        removeLabel={(_, place) => `Remove metric ${place + 1}`}
        removal={metrics.length === 1 ? "disabled" : "enabled"}
        removeSize="normal"
        rowClassName="flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b pb-2"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(measure, change, place) => <MetricRow measure={measure} name={`metric ${place + 1}`} change={change} />}
      </RowEditor>
    </fieldset>
  );
}

type RowProps = { measure: DraftMeasure; name: string; change: (measure: DraftMeasure) => void };

const MetricRow = (props: RowProps) => (
  <>
    <MetricSelect {...props} />
    <MetricFields {...props} />
    <MarginField {...props} />
  </>
);
