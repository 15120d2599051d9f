import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { tagText } from "../shared/tag-words.ts";
import type { Comparison, Version } from "../shared/use-registry.ts";

/** One row of a comparison, as text. */
export type Compared = {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly isSame: boolean;
  /** The change from the left side to the right side. */
  readonly change?: string | undefined;
};
type Side = Omit<Version, "files" | "findings">;

const NONE = "–";
const rowOf = (name: string, left: string, right: string): Compared => ({ name, left, right, isSame: left === right });

const WITH_OWN_PLACE = new Set(["Evaluation", "Size in bytes", "Data", "License"]);
const NUMBERS = new Set(["Parameters", "Context tokens"]);

/** Facts from the files, and their size. */
export function factRows({ facts, left, right }: Comparison): readonly Compared[] {
  const inWords = (name: string, text: string) =>
    NUMBERS.has(name) && /^\d+$/.test(text) ? formatCount(Number(text)) : text;
  const known = facts
    .filter((one) => !WITH_OWN_PLACE.has(one.name) && !(one.left === NONE && one.right === NONE))
    .map(({ name, left: a, right: b }) => rowOf(name, inWords(name, a), inWords(name, b)));
  const ratio = left.sizeBytes > 0 ? ratioWords(right.sizeBytes / left.sizeBytes) : undefined;
  const isSame = left.sizeBytes === right.sizeBytes;
  return [
    ...known,
    {
      ...rowOf("Size", formatBytes(left.sizeBytes), formatBytes(right.sizeBytes)),
      isSame,
      change: isSame ? undefined : ratio,
    },
    rowOf("Stage", left.stage, right.stage),
    rowOf("Aliases", left.aliases.join(", ") || NONE, right.aliases.join(", ") || NONE),
    rowOf("License", left.license ?? "unknown", right.license ?? "unknown"),
  ];
}

/** An adapter's size is shown as a percentage of its base, because a ratio would be mostly zeros. */
const ratioWords = (ratio: number) =>
  ratio < 1 ? `${formatPercent(ratio)} of it` : `${Number(ratio.toPrecision(3))} times`;

type Score = NonNullable<Side["evaluation"]>["scores"][number];

/** Scores by name, with their intervals. A score that only one side has is marked. */
export function scoreRows(left: Side, right: Side): readonly Compared[] {
  const [before, after] = [scoresOf(left), scoresOf(right)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const verdicts = left.evaluation || right.evaluation ? [rowOf("Verdict", verdictOf(left), verdictOf(right))] : [];
  return [
    ...verdicts,
    ...names.map((name) => {
      const [a, b] = [before.get(name), after.get(name)];
      return { ...rowOf(name, scoreText(a), scoreText(b)), change: a && b && differenceOf(a, b) };
    }),
  ];
}

const scoresOf = ({ evaluation }: Side) => new Map((evaluation?.scores ?? []).map((score) => [score.name, score]));
const verdictOf = ({ evaluation }: Side) =>
  evaluation === null ? "not evaluated" : `${evaluation.verdict ?? "no verdict"} compared with its base`;

function scoreText(score: Score | undefined): string {
  if (!score) return "not evaluated";
  const { value, low, high, items } = score;
  const interval = low === null || high === null ? "" : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return `${value.toFixed(3)}${interval}${items === null ? "" : `, ${formatNumberOf(items, "item")}`}`;
}

function differenceOf(a: Score, b: Score): string | undefined {
  const by = b.value - a.value;
  if (by === 0) return undefined;
  const words = `${by > 0 ? "+" : "−"}${Math.abs(by).toFixed(3)}`;
  if (a.low === null || a.high === null || b.low === null || b.high === null) return words;
  return `${words}, intervals ${a.high < b.low || b.high < a.low ? "do not overlap" : "overlap"}`;
}

/** The training data of each version. */
export function dataRows(left: Side, right: Side): readonly Compared[] {
  const [before, after] = [dataOf(left), dataOf(right)];
  return [...new Set([...before.keys(), ...after.keys()])].map((ref) =>
    rowOf(ref, before.get(ref) ?? NONE, after.get(ref) ?? NONE),
  );
}

const dataOf = ({ data }: Side) =>
  new Map(
    data.map(({ ref, version, rows, root }) => [
      ref,
      [
        version === null ? "version not recorded" : `version ${version}`,
        rows === null ? "row count not recorded" : formatNumberOf(rows, "row"),
        ...(root === null ? [] : [`root ${root.slice(0, 12)}…`]),
      ].join(", "),
    ]),
  );

const STATES = { same: "same", changed: "changed", added: "only right", removed: "only left" } as const;

/** Files by path. Files with the same path and different content differ, whatever their size. */
export const fileRows = ({ files }: Comparison): readonly Compared[] =>
  files.map(({ path, state, leftBytes, rightBytes }) => ({
    name: path,
    left: formatBytes(leftBytes),
    right: formatBytes(rightBytes),
    isSame: state === "same",
    change: state === "same" ? undefined : STATES[state],
  }));

/** Notes, limits and tags, which people enter. */
export function wordRows(left: Side, right: Side): readonly Compared[] {
  const tags = (side: Side) =>
    Object.entries(side.tags)
      .map(([key, value]) => tagText(key, value))
      .join(", ");
  return [
    rowOf("Notes", left.notes || NONE, right.notes || NONE),
    rowOf("Limits", left.limits || NONE, right.limits || NONE),
    rowOf("Tags", tags(left) || NONE, tags(right) || NONE),
  ].filter((row) => !(row.left === NONE && row.right === NONE));
}

/** The training settings by path, such as `lora.r`; empty if neither is known. */
export function settingRows(left: object | undefined, right: object | undefined): readonly Compared[] {
  if (!left && !right) return [];
  const [before, after] = [left, right].map((config) => new Map(entriesOf(config ?? {}, "")));
  return [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])]
    .sort()
    .map((path) => rowOf(path, before?.get(path) ?? NONE, after?.get(path) ?? NONE));
}

function entriesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null)
    return [[path, typeof value === "string" ? value : JSON.stringify(value ?? null)]];
  return Object.entries(value).flatMap(([key, part]) => entriesOf(part, path === "" ? key : `${path}.${key}`));
}
