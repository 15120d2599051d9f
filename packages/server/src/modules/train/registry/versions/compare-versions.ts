import type { ModelComparison, ModelFile, ModelVersion } from "@treadle/contract";

type Side = { readonly version: ModelVersion; readonly files: readonly ModelFile[] };

/** The metadata of two versions next to each other, and the differing files. */
export function compareVersions(left: Side, right: Side): ModelComparison {
  return {
    left: left.version,
    right: right.version,
    facts: FACTS.map(([name, of]) => {
      const [a, b] = [of(left.version), of(right.version)];
      return { name, left: a, right: b, isSame: a === b };
    }),
    files: compareFiles(left.files, right.files),
  };
}

const text = (value: string | number | null | undefined) =>
  value === null || value === undefined ? "–" : String(value);
const scoreOf = ({ evaluation }: ModelVersion) =>
  (evaluation?.scores ?? [])
    .map(
      ({ name, value, low, high }) =>
        `${name} ${value.toFixed(3)}${low === null || high === null ? "" : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`}`,
    )
    .join("; ");

const FACTS: readonly (readonly [string, (version: ModelVersion) => string])[] = [
  ["Format", ({ formats }) => formats.join(", ")],
  ["Architecture", ({ facts }) => text(facts.architecture)],
  ["Parameters", ({ facts }) => text(facts.parameters)],
  ["Quantisation", ({ facts }) => text(facts.quantisation)],
  ["Context tokens", ({ facts }) => text(facts.contextTokens)],
  ["LoRA rank", ({ facts }) => text(facts.rank)],
  ["LoRA alpha", ({ facts }) => text(facts.alpha)],
  ["Base", ({ base }) => text(base?.ref)],
  ["Data", ({ data }) => data.map(({ ref, version }) => `${ref}${version ? `@${version}` : ""}`).join(", ") || "–"],
  ["Training run", ({ runId }) => text(runId)],
  ["License", ({ license }) => text(license)],
  ["Evaluation", (version) => scoreOf(version) || "–"],
  ["Size in bytes", ({ sizeBytes }) => String(sizeBytes)],
];

function compareFiles(left: readonly ModelFile[], right: readonly ModelFile[]): ModelComparison["files"] {
  const before = new Map(left.map((file) => [file.path, file]));
  const after = new Map(right.map((file) => [file.path, file]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((path) => {
    const [a, b] = [before.get(path), after.get(path)];
    const state = !a ? "added" : !b ? "removed" : a.sha256 === b.sha256 ? "same" : "changed";
    return { path, state, leftBytes: a?.sizeBytes ?? null, rightBytes: b?.sizeBytes ?? null };
  });
}
