/** The requests of a stage that are looked at. Times are milliseconds since 1970. */
export type Window = {
  readonly projectId: string;
  readonly rolloutId: string;
  readonly candidate: string;
  readonly control: string;
  readonly unit: string;
  /** The candidate's share of all units. */
  readonly share: number;
  /** The control's part of the other units. */
  readonly controlPart: number;
  /** Before it, a conversation or session belongs to an earlier stage. */
  readonly startedAt: number;
  readonly from: number;
  readonly until: number;
  /** Before it, the division of the units is complete. */
  readonly dividedUntil: number;
};

/** Units that last for a while, and so may have begun before the stage. */
const LASTING = new Set(["conversation", "session"]);

/** Half of the distance between two shares that a person can tell apart. */
const TOLERANCE = 1e-9;

const time = (name: string) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
export const NOW_ASSIGNED = `if(variant = {candidate:String}, abs(propensity - {share:Float64}) < ${TOLERANCE},
  abs(propensity - {controlPropensity:Float64}) < ${TOLERANCE})`;
export const OF_ARMS = "variant IN ({candidate:String}, {control:String})";
export const IN_STAGE = `start_time >= ${time("from")} AND start_time < ${time("until")}`;
export const OF_ROLLOUT = "project_id = {projectId:String} AND rollout_id = {rolloutId:String}";

/** The rows of the rollout's units. Lasting units are also read from the rollout's start on. */
export function rowsOf({ unit }: Window): string {
  const since = LASTING.has(unit) ? time("startedAt") : time("from");
  return `${OF_ROLLOUT} AND assignment_unit = {unit:String} AND start_time >= ${since} AND start_time < ${time("until")}`;
}
export const IS_INSIDE = "place < {share:Float64} * 4294967296";
export const IS_COUNTED = `(start_time >= ${time("from")} AND propensity > 0 AND ${OF_ARMS} AND ${NOW_ASSIGNED})`;
export const IS_EARLIER = `start_time < ${time("from")}`;
export const IS_DIVIDED = `start_time >= ${time("from")} AND start_time < ${time("dividedUntil")}`;
/** `none` is a unit without a request that counts. */
export const ARM = `multiIf(candidates + controls = 0, 'none', earlier > 0, 'earlier', candidates > 0 AND controls > 0, 'changed',
  candidates > 0, 'candidate', 'control')`;

export const paramsOf = (window: Window) => ({
  ...window,
  startedAt: Math.floor(window.startedAt),
  from: Math.floor(window.from),
  until: Math.floor(window.until),
  dividedUntil: Math.floor(window.dividedUntil),
  controlPropensity: (1 - window.share) * window.controlPart,
});
