const DAY_MS = 86_400_000;

/** How many days a preview looked back. */
export const daysOf = ({ from, to }: { readonly from: string; readonly to: string }): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
