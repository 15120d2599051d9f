import type { KnowledgeSearching, RetrievalVariant } from "@treadle/contract";

/** The settings in words, such as `Version 2, hybrid, weight 0.4`. Settings that have no effect in the mode are left out. */
export function nameVariant(
  { version }: Pick<RetrievalVariant, "version">,
  { mode, fusion, wordWeight, candidates, diversity, perDocument }: KnowledgeSearching,
): string {
  const joined = mode === "hybrid" ? [`${fusion} with word weight ${wordWeight}`, `${candidates} candidates`] : [];
  return [
    `Version ${version}`,
    mode,
    ...joined,
    ...(diversity > 0 ? [`diversity ${diversity}`] : []),
    ...(perDocument > 0 ? [`${perDocument} per document`] : []),
  ].join(", ");
}
