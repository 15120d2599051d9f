/** The data of a chart as a table, for its table view and CSV. */
export type ChartData = {
  readonly columns: readonly {
    readonly label: string;
    /** Formats the numbers of the table view; the CSV has raw numbers. */
    readonly format?: (value: number) => string;
  }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
};

const time = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** Formats a machine-readable time for display. */
export const readTime = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? text : time.format(Date.parse(text));

/** The file name for a chart with this title, without an extension. */
export const fileNameOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "") || "chart";
