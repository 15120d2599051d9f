/** What a chart shows, as a table: for its table view and its CSV. */
export type ChartData = {
  readonly columns: readonly {
    readonly label: string;
    /** How the view writes its numbers; the CSV has them as they are. */
    readonly format?: (value: number) => string;
  }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
};

const time = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** A moment that was written for machines, for people. */
export const readTime = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? text : time.format(Date.parse(text));

/** The name of a file that a chart of this title is saved as, without its ending. */
export const fileNameOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "") || "chart";
