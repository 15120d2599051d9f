import { getRouteApi } from "@tanstack/react-router";
import { Map as MapIcon } from "lucide-react";
import { useMemo, useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { useListAddress } from "../../../../components/table/use-list-address.ts";
import { formatCount, formatTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { BulkBar } from "../items/bulk-bar.tsx";
import { ItemSheet } from "../items/item-sheet.tsx";
import { draftRef, refWords } from "../shared/dataset-search.ts";
import { type DatasetPlace, useDatasetPlace } from "../shared/use-draft.ts";
import { MakeMap } from "./make-map.tsx";
import { MapCanvas } from "./map-canvas.tsx";
import { coloursOf } from "./map-points.ts";
import { MapSide } from "./map-side.tsx";
import { type DatasetMap, useMap, useMaps } from "./use-maps.ts";

const route = getRouteApi("/shell/datasets/$datasetId/map");
const NONE: ReadonlySet<number> = new Set();

/** Items arranged by meaning: similar items are close together, and a drawn line selects items. */
export function MapPage() {
  const place = useDatasetPlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const list = useMaps(place.datasetId);
  const [isMaking, setIsMaking] = useState(false);
  const heads = list.data?.items;
  const shown = search.map ?? heads?.[0]?.mapId;
  const map = useMap(place.datasetId, shown);
  const change = useListAddress<typeof search>(
    search,
    ["open", "edit"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  if (list.error && !heads)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The maps could not be loaded" />;
  if (!heads) return <Skeleton className="m-6 h-60 rounded-card" />;
  const make = can("datasets:write") && (
    <Button kind={heads.length === 0 ? "primary" : "plain"} onClick={() => setIsMaking(true)}>
      {heads.length === 0 ? "Create map" : "New map"}
    </Button>
  );
  const dialog = isMaking && (
    <MakeMap
      place={place}
      close={() => setIsMaking(false)}
      onMade={() => {
        setIsMaking(false);
        change({ map: undefined });
        void list.refetch();
      }}
    />
  );
  if (heads.length === 0)
    return (
      <>
        <EmptyState title="No maps yet" icon={<MapIcon size={22} />} action={make}>
          A map arranges items by meaning. Clusters show what the dataset covers and what is missing. Draw a line around
          points to select items, and then review, split or delete them.
        </EmptyState>
        {dialog}
      </>
    );
  return (
    <div className="flex min-h-0 grow">
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <div className="flex flex-wrap items-center gap-2 px-6 pt-4 pb-3 max-md:px-4">
          <Select
            aria-label="Map"
            value={shown}
            onChange={({ target }) => change({ map: target.value })}
            className="w-auto! max-w-full min-w-52"
          >
            {heads.map(({ mapId, version, rows, createdAt }) => (
              <option key={mapId} value={mapId}>
                {refWords(version)}, {formatCount(rows)} items, {formatTime(createdAt)}
              </option>
            ))}
          </Select>
          <span className="grow" />
          {make}
        </div>
        {map.error ? (
          <ErrorState error={map.error} retry={() => map.refetch()} title="The map could not be loaded" />
        ) : map.data ? (
          <Chart
            key={map.data.mapId}
            place={place}
            map={map.data}
            by={search.by}
            onBy={(by) => change({ by })}
            onOpen={(open) => change({ open })}
          />
        ) : (
          <Skeleton className="mx-6 h-96 rounded-card" />
        )}
      </div>
      {search.open && (
        <ItemSheet
          key={search.open}
          place={place}
          at={draftRef(place.branch)}
          itemId={search.open}
          canEdit={can("datasets:write")}
          isEditing={search.edit === "1"}
          change={({ open, edit }) => change({ open: open ?? (edit === "1" ? search.open : undefined), edit })}
        />
      )}
      {dialog}
    </div>
  );
}

type ChartProps = {
  place: DatasetPlace;
  map: DatasetMap;
  /** The field that colours the points; the cluster by default. */
  by: string | undefined;
  onBy: (by: string | undefined) => void;
  onOpen: (itemId: string) => void;
};

function Chart({ place, map, by, onBy, onOpen }: ChartProps) {
  const { can } = useProject();
  const [selected, setSelected] = useState<ReadonlySet<number>>(NONE);
  const field = map.points.fields.find((one) => one.field === by);
  const colours = useMemo(
    () => coloursOf(field?.values ?? map.points.clusters.map((cluster) => map.clusters[cluster]?.name ?? null)),
    [map, field],
  );
  const ids = useMemo(
    () => new Set([...selected].flatMap((index) => map.points.itemIds[index] ?? [])),
    [selected, map],
  );
  const select = (places: readonly number[]) => setSelected(new Set(places));
  return (
    <>
      <div className="flex min-h-80 grow gap-4 px-6 pb-4 max-lg:flex-col max-md:px-4">
        <MapCanvas map={map} numbers={colours.numbers} selected={selected} onOpen={onOpen} onSelect={select} />
        <div className="flex w-64 shrink-0 flex-col gap-3 overflow-y-auto max-lg:w-full">
          <Field label="Color by">
            {(control) => (
              <Select {...control} value={by ?? ""} onChange={({ target }) => onBy(target.value || undefined)}>
                <option value="">cluster</option>
                {map.points.fields.map((one) => (
                  <option key={one.field}>{one.field}</option>
                ))}
              </Select>
            )}
          </Field>
          <MapSide
            map={map}
            selected={selected}
            legend={colours.legend}
            isByCluster={!field}
            onSelect={select}
            onOpen={onOpen}
          />
        </div>
      </div>
      <BulkBar place={place} ids={ids} clear={() => setSelected(NONE)} canEdit={can("datasets:write")} />
    </>
  );
}
