import type { DatasetMapInput, Item, MapCluster, MapPoints } from "@treadle/contract";
import { fieldText } from "../items/item-field.ts";
import { textOf } from "../items/item-text.ts";
import { openMachine } from "../sets/open-machine.ts";
import { embedItems } from "../step/embed-items.ts";
import type { Reading } from "../step/feed.ts";
import type { StepTools } from "../step/step.ts";
import { nameClusters } from "./name-clusters.ts";

type Given = Omit<DatasetMapInput, "version" | "rows"> & { readonly embed: StepTools["embed"] };
type Shown = { readonly itemId: string; readonly text: string; readonly values: readonly (string | null)[] };

const BEGINNING = 160;
/** So much of each text is read for the names of clusters. */
const MOST_NAMED = 1_000;
const MOST_VALUE = 200;

/** Places items on a map by the vectors of their texts, in a separate thread. */
export async function drawMap(reading: Reading, given: Given): Promise<{ points: MapPoints; clusters: MapCluster[] }> {
  const { of, method, clusters, fields, embed } = given;
  const machine = openMachine("map", { method, clusters }, reading.signal);
  const shown: Shown[] = [];
  const note = (item: Item) =>
    shown.push({
      itemId: item.itemId,
      text: textOf(item, of, { isSpoken: true }).slice(0, MOST_NAMED),
      values: fields.map((field) => fieldText(item, field)?.slice(0, MOST_VALUE) ?? null),
    });
  try {
    await embedItems(reading, {
      of,
      embed,
      take: (vectors, items) => {
        items.forEach(note);
        return machine.call("add", vectors);
      },
    });
    const places = await machine.call("finish");
    const [x, y] = [Array.from(places.x, rounded), Array.from(places.y, rounded)];
    const points = {
      itemIds: shown.map(({ itemId }) => itemId),
      x,
      y,
      clusters: [...places.clusters],
      texts: shown.map(({ text }) => text.slice(0, BEGINNING)),
      fields: fields.map((field, place) => ({ field, values: shown.map(({ values }) => values[place] ?? null) })),
    };
    return { points, clusters: describeClusters(points, shown) };
  } finally {
    await machine.close();
  }
}

function describeClusters({ x, y, clusters }: MapPoints, shown: readonly Shown[]): MapCluster[] {
  const count = clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const names = nameClusters(
    shown.map(({ text }) => text),
    clusters,
    count,
  );
  return names.map((named, cluster) => {
    const rows = clusters.flatMap((other, row) => (other === cluster ? [row] : []));
    const middle = (places: readonly number[]) => rounded(median(rows.map((row) => places[row] ?? 0)));
    return { ...named, rows: rows.length, x: middle(x), y: middle(y) };
  });
}

const rounded = (place: number) => Math.round(place * 1_000) / 1_000;
const median = (numbers: readonly number[]) => Float64Array.from(numbers).sort()[numbers.length >> 1] ?? 0;
