import type { DocumentText } from "../../shared/use-documents.ts";

type Box = DocumentText["boxes"][number];
type Range = { readonly start: number; readonly end: number };

/** The lines of a page that belong to a chunk. */
export const boxesOf = (boxes: readonly Box[], page: number, chunk: Range | undefined): readonly Box[] =>
  chunk === undefined ? [] : boxes.filter((box) => box.page === page && box.start < chunk.end && box.end > chunk.start);

/** A rectangle in percent of its page, so that it fits the picture at every size. */
export const percentOf = ({ x, y, width, height }: Box, page: { readonly width: number; readonly height: number }) => ({
  left: `${(x / page.width) * 100}%`,
  top: `${(y / page.height) * 100}%`,
  width: `${(width / page.width) * 100}%`,
  height: `${(height / page.height) * 100}%`,
});
