import type { Manifest } from "../chunks/manifest.ts";

/** The rows of a manifest, of the chunks that are indexed. */
export type RowScope = { readonly projectId: string; readonly manifest: Manifest };

/** Where a row lies among all rows of the manifest. */
export const POSITION = "transform(object, {objects:Array(String)}, {starts:Array(UInt64)}, toUInt64(0)) + row";
export const OF = "project_id = {projectId:String} AND object IN {objects:Array(String)}";

/** The parameters of both. */
export function paramsOf({ projectId, manifest }: RowScope) {
  let start = 0;
  const starts: number[] = [];
  for (const { rows } of manifest.chunks) {
    starts.push(start);
    start += rows;
  }
  return { projectId, objects: manifest.chunks.map(({ object }) => object), starts };
}
