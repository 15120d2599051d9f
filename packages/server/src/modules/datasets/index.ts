export { createRowEncoder, type EncodedRow, type ItemDraft } from "./item-hash.ts";
export type { ItemStreams, Rewrite, StreamOptions } from "./item-streams.ts";
export type { Manifest } from "./manifest.ts";
