import { hourOfDayType, hourOfWeek } from "./hour-of-week.ts";

/** The values of a series by hour of the week, by hour of the day type, and together. */
export type Cells<Value> = {
  readonly hours: ReadonlyMap<number, readonly Value[]>;
  readonly dayTypes: ReadonlyMap<number, readonly Value[]>;
  readonly all: readonly Value[];
};

/** A series that is not seasonal has only one cell. */
export function cellsOf<Value>(
  values: readonly { readonly end: number; readonly value: Value }[],
  isSeasonal: boolean,
): Cells<Value> {
  const all = values.map(({ value }) => value);
  if (!isSeasonal) return { hours: new Map(), dayTypes: new Map(), all };
  const hours = new Map<number, Value[]>();
  const dayTypes = new Map<number, Value[]>();
  for (const { end, value } of values) {
    const hour = hourOfWeek(end - 1);
    push(hours, hour, value);
    push(dayTypes, hourOfDayType(hour), value);
  }
  return { hours, dayTypes, all };
}

function push<Value>(cells: Map<number, Value[]>, key: number, value: Value): void {
  const values = cells.get(key);
  if (values) values.push(value);
  else cells.set(key, [value]);
}
