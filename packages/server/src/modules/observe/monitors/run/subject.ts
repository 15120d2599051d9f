import type { MonitorInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Plan } from "../core/evaluate-series.ts";
import type { Reading } from "../core/reading.ts";
import { type Meter, meterOf } from "../reads/meters.ts";
import type { MonitorRow, StateRow } from "../stores/monitor-store.ts";

type MeasureSource = Extract<MonitorInput["source"], { kind: "measure" }>;

/** A monitor whose window has ended. */
export type Subject = {
  readonly row: MonitorRow;
  readonly state: StateRow;
  readonly plan: Plan;
  /** The end of the window, in milliseconds since 1970. */
  readonly end: number;
};

/** What was read of a monitor: the readings of each series by the length of the window. */
export type Observed = {
  readonly series: ReadonlyMap<string, ReadonlyMap<number, Reading>>;
  /** The groups that have a series. Null if the source decides. */
  readonly names: readonly string[] | null;
};
/** `later` is not evaluated now: nothing is known of the window yet. */
export type ObservedResult = Observed | { readonly error: string } | "later";

export const measureOf = ({ source }: Pick<MonitorInput, "source">): MeasureSource | null =>
  source.kind === "measure" ? source : null;

export const meterFor = (source: MeasureSource, { condition }: Pick<Plan, "condition">): Meter =>
  meterOf(source.measure, condition);

/** An error for people: what they can change, or that the server failed. */
export const messageForPeople = (error: unknown): string =>
  error instanceof AppError
    ? error.message.slice(0, 2_000)
    : "The values could not be read. The server log has the cause. The evaluation is repeated.";
