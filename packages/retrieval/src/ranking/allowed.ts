/** One entry per ordinal; 0 excludes the row from the results. */
export type Allowed = Uint8Array;

/** Throws unless the filter has exactly one entry per row: a filter of another version would show the wrong rows. */
export function mustCoverRows(allowed: Allowed | undefined, rows: number): void {
  if (allowed && allowed.length !== rows)
    throw new RangeError(`The filter has ${allowed.length} entries for ${rows} rows. Build it for this version.`);
}
