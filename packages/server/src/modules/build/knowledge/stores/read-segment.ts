import { partsOf, readMeta, SEGMENT_HEAD, type SegmentMeta } from "../work/segment-file.ts";
import type { Blobs } from "./blobs.ts";

/** The description of a stored segment, and where the texts of its chunks begin. */
export async function readSegmentMeta(
  blobs: Pick<Blobs, "get">,
  object: string,
): Promise<{ meta: SegmentMeta; textsStart: number }> {
  const { meta, texts } = partsOf(await blobs.get(object, SEGMENT_HEAD));
  return { meta: readMeta(await blobs.get(object, meta)), textsStart: texts.start };
}
