import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import type { DatasetMap } from "./use-maps.ts";

type SideProps = {
  map: DatasetMap;
  legend: readonly { value: string; rows: number }[];
  isByCluster: boolean;
  selected: ReadonlySet<number>;
  onSelect: (places: readonly number[]) => void;
  onOpen: (itemId: string) => void;
};
const MOST_TEXTS = 100;

/** The map as text: the legend, the clusters by size, and the selected items. */
export function MapSide({ map, legend, isByCluster, selected, onSelect, onOpen }: SideProps) {
  const { clusters, points } = map;
  const colourOf = (name: string) => {
    const place = legend.findIndex(({ value }) => value === name);
    return `var(${place < 0 ? "--faint" : `--series-${place + 1}`})`;
  };
  const listed = [...selected].slice(0, MOST_TEXTS);
  return (
    <>
      {!isByCluster && (
        <ul aria-label="Colours" className="flex flex-col gap-0.5">
          {legend.map(({ value, rows }) => (
            <li key={value} className="flex items-center gap-2">
              <Dot colour={colourOf(value)} />
              <span className="min-w-0 grow truncate">{value}</span>
              <span className="num text-xs text-muted">{formatCount(rows)}</span>
            </li>
          ))}
          <li className="flex items-center gap-2 text-muted">
            <Dot colour="var(--faint)" /> other values
          </li>
        </ul>
      )}
      {selected.size > 0 ? (
        <section aria-label="Selected items">
          <h3 className="mb-1 text-xs text-muted">{formatNumberOf(selected.size, "item")} selected</h3>
          <ul className="divide-y divide-line rounded-card border border-line bg-panel">
            {listed.map((index) => (
              <li key={points.itemIds[index]}>
                <button
                  type="button"
                  onClick={() => onOpen(points.itemIds[index] ?? "")}
                  className="w-full px-2.5 py-1.5 text-left hover:bg-raised"
                >
                  <span dir="auto" className="line-clamp-2">
                    {points.texts[index] || "(empty)"}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {selected.size > MOST_TEXTS && (
            <p className="mt-1 text-xs text-muted">and {formatCount(selected.size - MOST_TEXTS)} more</p>
          )}
        </section>
      ) : (
        <section aria-label="Clusters">
          <h3 className="mb-1 text-xs text-muted">Clusters by size. Choose one to select its items</h3>
          <ul>
            {clusters
              .map((cluster, place) => ({ ...cluster, place }))
              .sort((a, b) => b.rows - a.rows)
              .map(({ name, rows, place, terms }) => (
                <li key={place}>
                  <button
                    type="button"
                    title={terms.join(", ")}
                    onClick={() =>
                      onSelect(points.clusters.flatMap((cluster, index) => (cluster === place ? [index] : [])))
                    }
                    className="flex min-h-7 w-full items-center gap-2 rounded-control px-1 text-left hover:bg-raised"
                  >
                    {isByCluster && <Dot colour={colourOf(name)} />}
                    <span className="min-w-0 grow truncate">{name}</span>
                    <span className="num text-xs text-muted">{formatCount(rows)}</span>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      )}
    </>
  );
}

const Dot = ({ colour }: { colour: string }) => (
  <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colour }} />
);
