import type { DatasetStats } from "@treadle/contract";
import { X } from "lucide-react";
import { explain } from "../../api.ts";
import { BarChart } from "../../components/bar-chart.tsx";
import { IconButton } from "../../components/button.tsx";
import { Select } from "../../components/field.tsx";
import { formatCount } from "../../components/format.ts";
import { Skeleton } from "../../components/states.tsx";
import type { ItemsSearch } from "./dataset-search.ts";
import { conditionOf, toggleCondition } from "./item-filter.ts";
import { ThresholdHistogram } from "./threshold-histogram.tsx";
import type { DatasetPlace } from "./use-draft.ts";
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

/** How the values of one field are distributed among the items in the list; a value leads to its items. */
export function DistributionPanel({ place, at, filter, field, fields, change }: PanelProps) {
  const { data, error, isPlaceholderData } = useDistribution({ datasetId: place.datasetId, at, filter, field });
  const names = [...new Set([field, "expected", "split", "source", ...fields.map((one) => one.field)])];
  const bars = (data?.values ?? [])
    .slice(0, MOST_BARS)
    .map(({ value, rows }) => ({ id: value, label: value, value: rows }));
  // Texts that are all different say nothing as bars; their lengths do.
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
            {data.missing > 0 && `, ${formatCount(data.missing)} without it`}
          </span>
        )}
        <IconButton
          size="small"
          label="Close the distribution"
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
            <p className="px-4 text-muted">No item in the list has a value here.</p>
          )}
        </div>
      ) : (
        <Skeleton className="mx-4 h-32" />
      )}
    </section>
  );
}
