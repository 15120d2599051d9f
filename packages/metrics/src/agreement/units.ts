import type { Label } from "../classification/labels.ts";

/** The ratings of a unit by several raters. Null if a rater did not rate it. */
export type Ratings = readonly (Label | null)[];

/** One row of ratings for each unit: an item, an answer, a conversation. */
export type Units = readonly Ratings[];

/** The ratings that are there. */
export const given = (ratings: Ratings): Label[] => ratings.filter((rating) => rating !== null);

/** The units that at least two raters rated, without what is missing: only they say anything of agreement. */
export const pairable = (units: Units): Label[][] => units.map(given).filter((ratings) => ratings.length >= 2);

export const NOTHING_TO_COMPARE = "No unit has ratings of two raters.";
