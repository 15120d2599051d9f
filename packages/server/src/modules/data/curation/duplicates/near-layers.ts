import { chooseBands } from "../sets/minhash.ts";
import type { NearLayer } from "../sets/near-machine.ts";

/** The caller's settings. Without `unit`, `size` and bands, each text is split by its length. */
export type NearChoice = {
  readonly threshold?: number;
  readonly unit?: NearLayer["unit"];
  readonly size?: number;
  readonly ignoreNumbers?: boolean;
  readonly bands?: number;
  readonly rowsPerBand?: number;
};

const ANY_LENGTH = { fromWords: 0, toWords: Number.MAX_SAFE_INTEGER };

/**
 * One changed word changes five runs of five words: most of a question, little of a page. So the pieces are smaller in shorter texts.
 * Lengths overlap by more than the thresholds let the lengths of two near-duplicates differ at a border.
 */
const BY_LENGTH = [
  { unit: "character", size: 3, threshold: 0.7, fromWords: 0, toWords: 20, isNumberExact: true },
  { unit: "word", size: 2, threshold: 0.7, fromWords: 14, toWords: 72, isNumberExact: true },
  { unit: "word", size: 5, threshold: 0.8, fromWords: 50, toWords: ANY_LENGTH.toWords },
] as const satisfies readonly Omit<NearLayer, "ignoreNumbers" | "bands" | "rowsPerBand">[];

/** 14 bands of 8, as datatrove has it. A pair of similarity 0.8 is found with 92 %, a pair of 0.9 with 99.96 %. */
const LONG_BANDS = { bands: 14, rowsPerBand: 8 };
/** From here on these find most pairs. */
const LOWEST_FOR_LONG_BANDS = 0.75;
/** A pair that is missed is worse than a pair that is compared in vain. */
const WEIGHTS = { wrongly: 0.1, missed: 0.9 };

/** The bands with which pairs of a similarity are found: 14 of 8, or as many hashes in more bands for a lower similarity. */
export const bandsFor = (threshold: number): Pick<NearLayer, "bands" | "rowsPerBand"> =>
  threshold >= LOWEST_FOR_LONG_BANDS
    ? LONG_BANDS
    : chooseBands(threshold, LONG_BANDS.bands * LONG_BANDS.rowsPerBand, WEIGHTS);

/** How texts are cut and compared: as chosen, and by their length where nothing is chosen. */
export function layersFor({ threshold, unit, size, ignoreNumbers = false, ...given }: NearChoice): NearLayer[] {
  const { bands, rowsPerBand } = given;
  const shapeOf = (from: number) =>
    bands === undefined || rowsPerBand === undefined ? bandsFor(from) : { bands, rowsPerBand };
  if (unit === undefined && size === undefined)
    return BY_LENGTH.map((layer) => {
      const from = threshold ?? layer.threshold;
      return { ...layer, ignoreNumbers, threshold: from, ...shapeOf(from) };
    });
  const long = { unit: "word", size: 5, threshold: 0.8 } as const;
  const from = threshold ?? long.threshold;
  const cut = { unit: unit ?? long.unit, size: size ?? long.size };
  return [{ ...cut, ...ANY_LENGTH, ignoreNumbers, threshold: from, ...shapeOf(from) }];
}

/** For example `3 characters in a row`. */
export const piecesOf = ({ unit, size }: Pick<NearLayer, "unit" | "size">): string =>
  size === 1 ? `single ${unit}s` : `${size} ${unit}s in a row`;

/** A sentence about each layer that compared texts, for the result of a step. */
export const describeLayers = (layers: readonly NearLayer[], layerRows: readonly number[]): string[] =>
  layers.flatMap((layer, place) => {
    const rows = layerRows[place] ?? 0;
    if (rows === 0) return [];
    const numbers = layer.isNumberExact && !layer.ignoreNumbers ? " and the same numbers" : "";
    const what = `${rows.toLocaleString("en")} ${lengthOf(layer)}`;
    return [
      `${what} compared by ${piecesOf(layer)}. Near-duplicates have a similarity of at least ${layer.threshold}${numbers}.`,
    ];
  });

function lengthOf({ fromWords, toWords }: NearLayer): string {
  const [isFromStart, isToEnd] = [fromWords <= 1, toWords === ANY_LENGTH.toWords];
  if (isFromStart && isToEnd) return "texts";
  if (isFromStart) return `short texts (up to ${toWords} words)`;
  return isToEnd ? `long texts (${fromWords} words or more)` : `texts of ${fromWords} to ${toWords} words`;
}
