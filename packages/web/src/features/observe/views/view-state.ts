import type { SavedView } from "./use-views.ts";

/** The parts of a page's address that a view stores. */
export type ViewState = Pick<SavedView, "filter" | "columns" | "order" | "settings">;

/** Whether two show the same; the order of the settings is no difference. */
export function isSameState(a: ViewState, b: ViewState): boolean {
  return textOf(a) === textOf(b);
}

const textOf = ({ filter, columns, order, settings }: ViewState) =>
  JSON.stringify([filter, columns, order, Object.entries(settings).toSorted(([a], [b]) => a.localeCompare(b))]);

/** Settings of an address, without what is unset. */
export const settingsOf = (search: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(search).flatMap(([key, value]) => (value ? [[key, value]] : [])));

type Sort = { order?: string | undefined; direction?: string | undefined };

/** The sort order in a view: `-durationMs` for the largest first, empty for the page's default. */
export const writeOrder = ({ order, direction }: Sort): string =>
  order || direction ? `${direction === "asc" ? "" : "-"}${order ?? "startTime"}` : "";

/** The sort of a view as an address has it. */
export function readOrder(text: string): Sort {
  if (text === "") return {};
  return { order: text.replace(/^-/, ""), direction: text.startsWith("-") ? undefined : "asc" };
}
