import type { CalibrationReport, ScorerOutput } from "@treadle/contract";
import type { PairRow } from "./pair-store.ts";

export type Scale = CalibrationReport["scale"];
/** How both sides are read. */
export type Reading = { readonly scale: Scale; readonly passAt: number | null };

/** The human and judge labels of one answer, unchanged. */
export type RawPair = Pick<PairRow, "key" | "traceId" | "spanId" | "reason"> & {
  readonly human: unknown;
  readonly judge: { readonly value: number | null; readonly label: string | null };
  readonly facets: Readonly<Record<string, string>>;
};
type Read = { readonly text: string; readonly value: number | null };

const MOST_TEXT = 500;
const PASSING = new Set([
  "1",
  "true",
  "pass",
  "passed",
  "yes",
  "y",
  "good",
  "correct",
  "right",
  "ok",
  "up",
  "positive",
]);
const FAILING = new Set(["0", "false", "fail", "failed", "no", "n", "bad", "incorrect", "wrong", "down", "negative"]);

export function readingOf({ type }: Pick<ScorerOutput, "type">, passAt: number | null): Reading {
  if (passAt !== null || type === "boolean") return { scale: "pass", passAt };
  return { scale: type === "label" ? "label" : "number", passAt };
}

/** Both sides on one scale; the distance is null where one of them cannot be read on it. */
export function makePair(calibrationId: string, raw: RawPair, reading: Reading): PairRow {
  const [human, judge] = [readHuman(raw.human, reading), readJudge(raw.judge, reading)];
  return {
    calibrationId,
    key: raw.key,
    traceId: raw.traceId,
    spanId: raw.spanId,
    human: storable(human?.text ?? asText(raw.human)),
    judge: storable(judge?.text ?? raw.judge.label ?? asText(raw.judge.value)),
    humanValue: human?.value ?? null,
    judgeValue: judge?.value ?? null,
    distance: human && judge ? distanceOf(human, judge) : null,
    reason: storable(raw.reason, 2_000),
    facets: Object.fromEntries(
      Object.entries(raw.facets).map(([field, value]) => [storable(field, 200), storable(value, 200)]),
    ),
  };
}

function readHuman(said: unknown, { scale, passAt }: Reading): Read | null {
  if (typeof said !== "string" && typeof said !== "number" && typeof said !== "boolean") return null;
  const text = String(said).trim();
  if (text === "") return null;
  if (scale === "label") return { text, value: null };
  const number = typeof said === "boolean" ? Number(said) : Number(text);
  if (scale === "number") return Number.isFinite(number) ? { text, value: number } : null;
  if (typeof said !== "boolean" && passAt !== null && Number.isFinite(number)) return passOf(number >= passAt);
  const word = text.toLowerCase();
  if (PASSING.has(word)) return passOf(true);
  return FAILING.has(word) ? passOf(false) : null;
}

function readJudge({ value, label }: RawPair["judge"], { scale, passAt }: Reading): Read | null {
  if (scale === "label") {
    const text = (label ?? (value === null ? "" : String(value))).trim();
    return text === "" ? null : { text, value: null };
  }
  if (value === null) return null;
  return scale === "number" ? { text: String(value), value } : passOf(value >= (passAt ?? 0.5));
}

const passOf = (isPass: boolean): Read => ({ text: isPass ? "pass" : "fail", value: isPass ? 1 : 0 });

const distanceOf = (human: Read, judge: Read): number =>
  human.value !== null && judge.value !== null
    ? Math.abs(human.value - judge.value)
    : Number(human.text.toLowerCase() !== judge.text.toLowerCase());

const asText = (value: unknown) => (value === null || value === undefined ? "" : JSON.stringify(value));
/** PostgreSQL stores neither U+0000 nor half of a surrogate pair. */
const storable = (text: string, most = MOST_TEXT) => text.slice(0, most).replaceAll("\0", "\uFFFD").toWellFormed();

/** A value of an item at a path such as `metadata.human`. Undefined if there is none. */
export function valueAt(item: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = item;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** The slices of an item: simple values of its metadata except the label, and its split. */
export const facetsOf = (
  { metadata, split }: { readonly metadata: unknown; readonly split: string | null },
  labelPath: string,
): Record<string, string> => ({
  ...(typeof metadata === "object" && metadata !== null && plainOf(metadata, labelPath)),
  ...(split !== null && { split }),
});
const plainOf = (metadata: object, labelPath: string) =>
  Object.fromEntries(
    Object.entries(metadata).flatMap(([field, value]) =>
      `metadata.${field}` !== labelPath &&
      (typeof value === "string" || typeof value === "boolean" || typeof value === "number")
        ? [[field, String(value)] as const]
        : [],
    ),
  );
