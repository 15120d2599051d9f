import type { ReadOptions } from "./read-rows.ts";

/**
 * What a file is for. `attack` and `benign` are trained on. `document` is trained on in parts. `ordinary` chooses the
 * threshold and is never trained on. `ordinary-test` and `hard-test` are only measured.
 */
export type Role = "attack" | "benign" | "document" | "ordinary" | "ordinary-test" | "hard-test";

/** A line of manifest.jsonl: a file of data, where it comes from and how its texts are read. */
export type Entry = {
  readonly source: string;
  /** Sources of the same origin are held out together. The source itself if absent. */
  readonly group?: string;
  readonly file: string;
  readonly sha256: string;
  readonly url: string;
  readonly licence: string;
  readonly role: Role;
  readonly read: ReadOptions;
  /** What every second text is for instead. */
  readonly otherHalf?: Role;
  /** At most so many texts, spread evenly. The rest is searched for hard negatives. */
  readonly take?: number;
};

export type Text = { readonly source: string; readonly group: string; readonly role: Role; readonly text: string };
export type Data = {
  readonly texts: readonly Text[];
  /** Benign texts beyond `take`: ordinary traffic to search for hard negatives. */
  readonly spare: readonly Text[];
  readonly entries: readonly Entry[];
};
