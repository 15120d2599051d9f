/** The largest integer that a column of 32 bits holds. Every integer of a request has a bound. */
export const MOST_INTEGER = 2_147_483_647;
