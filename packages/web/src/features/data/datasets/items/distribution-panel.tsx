import type { DatasetStats } from "@treadle/contract";
import { X } from "lucide-react";
import { explain } from "../../../../api.ts";
import { BarChart } from "../../../../components/chart/bar-chart.tsx";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { ItemsSearch } from "../shared/dataset-search.ts";
import { ThresholdHistogram } from "../shared/threshold-histogram.tsx";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { conditionOf, toggleCondition } from "./item-filter.ts";
import { useDistribution } from "./use-items.ts";

type PanelProps = {
  place: DatasetPlace;
  at: string;
  filter: string;
  field: string;
  fields: DatasetStats["fields"];
  change: (next: ItemsSearch, isNewPlace?: boolean) => void;
};
const MOST_BARS = 12;

/** The distribution of one field among the listed items. A click on a value filters by it. */
export function DistributionPanel({ place, at, filter, field, fields, change }: PanelProps) {
  const { data, error, isPlaceholderData } = useDistribution({ datasetId: place.datasetId, at, filter, field });
  const names = [...new Set([field, "expected", "split", "source", ...fields.map((one) => one.field)])];
  const bars = (data?.values ?? [])
    .slice(0, MOST_BARS)
    .map(({ value, rows }) => ({ id: value, label: value, value: rows }));
  // For unique texts the lengths say more than the values.
  const isVaried = data !== undefined && data.distinct > 50 && data.distinct * 2 > data.rows;
  return (
    <section
      aria-label={`Distribution of ${field}`}
      className="mx-6 mb-3 max-h-64 shrink-0 overflow-y-auto rounded-card border border-line bg-panel py-3 max-md:mx-4"
    >
      <div className="mb-2 flex flex-wrap items-center gap-2 px-4">
        <Select
          aria-label="Field"
          value={field}
          onChange={({ target }) => change({ field: target.value })}
          className="h-7! w-auto! max-w-60"
        >
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
        {data && (
          <span className="num text-xs text-muted">
            {formatCount(data.distinct)} distinct
            {data.missing > 0 && `, ${formatCount(data.missing)} without a value`}
          </span>
        )}
        <IconButton
          size="small"
          label="Close distribution"
          onClick={() => change({ field: undefined })}
          className="ml-auto"
        >
          <X size={14} />
        </IconButton>
      </div>
      {error && !data ? (
        <p role="alert" className="px-4 text-bad">
          {explain(error)}
        </p>
      ) : data ? (
        <div
          className={`grid gap-x-6 gap-y-3 ${!isVaried && bars.length > 0 && data.bins.length > 1 ? "md:grid-cols-2" : ""} ${isPlaceholderData ? "opacity-60" : ""}`}
        >
          {!isVaried && bars.length > 0 && (
            <BarChart
              label={`Most frequent values of ${field}`}
              bars={bars}
              format={formatCount}
              height={bars.length * 28 + 8}
              onOpen={({ id }) =>
                change({ filter: toggleCondition(filter, conditionOf(field, id)) || undefined }, true)
              }
            />
          )}
          {data.bins.length > 1 && (
            <figure className="min-w-0 px-4">
              <figcaption className="text-xs text-muted">
                {data.unit === "characters" ? "Length in characters" : "Values"}
              </figcaption>
              <ThresholdHistogram
                label={data.unit === "characters" ? `Length of ${field}` : field}
                counts={data.bins.map(({ rows }) => rows)}
                from={data.bins[0]?.from ?? 0}
                to={data.bins.at(-1)?.to ?? 1}
              />
            </figure>
          )}
          {bars.length === 0 && data.bins.length < 2 && (
            <p className="px-4 text-muted">No listed item has a value for this field.</p>
          )}
        </div>
      ) : (
        <Skeleton className="mx-4 h-32" />
      )}
    </section>
  );
}
