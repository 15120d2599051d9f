import { createVectors, findCentres, nearestCentres } from "@treadle/metrics";
import { findNearestRows } from "./nearest-rows.ts";
import { layOut } from "./neighbour-layout.ts";
import { placeOnPrincipalAxes } from "./principal-axes.ts";

export type MapParams = {
  /** `neighbours` places similar rows close together. `axes` shows the two axes along which rows differ most. */
  readonly method: "neighbours" | "axes";
  readonly clusters: number;
};

/** Where each row lies on the map, and which cluster it is in, counted from 0 by size. */
export type MapPlaces = { readonly x: Float32Array; readonly y: Float32Array; readonly clusters: Int16Array };

const NEIGHBOURS = 15;

/** Lays vectors out on a map and groups them. The same vectors give the same map. */
export function createMapMachine({ method, clusters: wanted }: MapParams) {
  const collected = createVectors();
  return {
    add(vectors: readonly ArrayLike<number>[]): void {
      for (const vector of vectors) collected.add(vector);
    },
    finish(): MapPlaces {
      const vectors = collected.get();
      const places = placeOnPrincipalAxes(vectors);
      if (method === "neighbours") layOut(findNearestRows(vectors, Math.min(NEIGHBOURS, vectors.count - 1)), places);
      const centres = findCentres(vectors, wanted);
      const nearest = Int16Array.from(
        { length: vectors.count },
        (_, row) => nearestCentres(vectors, row, centres)[0]?.centre ?? 0,
      );
      return { ...places, clusters: nearest.map(ranksBySize(nearest, centres.length)) };
    },
  };
}

function ranksBySize(clusters: Int16Array, count: number): (cluster: number) => number {
  const sizes = new Uint32Array(count);
  for (const cluster of clusters) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  const order = Array.from(sizes.keys()).sort((one, two) => (sizes[two] ?? 0) - (sizes[one] ?? 0));
  const ranks = new Map(order.map((cluster, rank) => [cluster, rank]));
  return (cluster) => ranks.get(cluster) ?? 0;
}
