import type { ModelFile, ModelVersion, RegistryModel } from "@treadle/contract";

type Told = { readonly model: RegistryModel; readonly version: ModelVersion; readonly files: readonly ModelFile[] };

/** The model card: what is known of a version, in Markdown. What nobody knows is said to be unknown, not left out. */
export function writeCard({ model, version, files }: Told): string {
  const { facts, evaluation } = version;
  return [
    frontMatter(version),
    `# ${model.name} v${version.version}`,
    model.description,
    "## Model",
    table([
      ["Format", version.formats.join(", ")],
      ["Architecture", facts.architecture],
      ["Parameters", facts.parameters?.toLocaleString("en")],
      ["Quantisation", facts.quantisation],
      ["Context", facts.contextTokens === null ? null : `${facts.contextTokens.toLocaleString("en")} tokens`],
      [
        "LoRA",
        facts.rank === null && facts.alpha === null
          ? null
          : `rank ${facts.rank ?? "unknown"}, alpha ${facts.alpha ?? "unknown"}`,
      ],
      [
        "Base",
        version.base
          ? `${version.base.ref}${version.base.hash ? ` (SHA-256 ${version.base.hash.slice(0, 12)}…)` : ""}`
          : null,
      ],
      ["Made by", version.runId ? `training run ${version.runId}` : version.source],
      ["Made at", version.createdAt],
      [
        "Kept by",
        version.remote && `the provider of the connection ${version.remote.connection}, as ${version.remote.model}`,
      ],
      [
        "Files",
        version.remote
          ? null
          : `${files.length}, ${version.sizeBytes.toLocaleString("en")} bytes, SHA-256 of the list ${version.sha256}`,
      ],
    ]),
    "## Data",
    version.data.length === 0
      ? "Nothing is known of what it was trained on."
      : table(
          version.data.map(({ ref, version: at, rows, root }) => [
            escaped(ref),
            `${at ? `version ${at}, ` : ""}${rows ?? "unknown"} rows${root ? `, root ${root.slice(0, 12)}…` : ""}`,
          ]),
        ),
    "## Evaluation",
    evaluation === null ? "It was not evaluated here. Do not rely on it before it is." : scores(evaluation),
    "## Limits",
    version.limits ||
      "Nobody wrote down what it is not for. A model says things that are not true; look at its answers before people rely on them.",
    "## License",
    licenseWords(version),
    ...(version.notes === "" ? [] : ["## Notes", version.notes]),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function licenseWords({ license, licenseFrom, base }: ModelVersion): string {
  if (license !== null) return licenseFrom?.base ? `${license}, of the base ${licenseFrom.base}` : license;
  const why = base ? `Nothing is known of the license of the base ${base.ref} either. ` : "";
  return `Unknown. ${why}Find out before it is used.`;
}

const escaped = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function table(rows: readonly (readonly [string, string | null | undefined])[]): string {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return ["| | |", "| --- | --- |", ...known.map(([name, value]) => `| ${name} | ${escaped(String(value))} |`)].join(
    "\n",
  );
}

function scores({ verdict, summary, scores: all }: NonNullable<ModelVersion["evaluation"]>): string {
  const lines = all.map(
    ({ name, value, low, high, baseline, pValue, items }) =>
      `| ${escaped(name)} | ${value.toFixed(3)}${low === null || high === null ? "" : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`} | ${baseline?.toFixed(3) ?? ""} | ${pValue === null ? "" : pValue < 0.001 ? "< 0.001" : pValue.toFixed(3)} | ${items ?? ""} |`,
  );
  const head = ["| Score | Value [95 %] | Base | p | Items |", "| --- | --- | --- | --- | --- |"];
  const words = verdict === null ? summary : `**${verdict}**. ${summary}`;
  return [words.trim(), all.length === 0 ? "" : [...head, ...lines].join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** What other registries read of a card. */
function frontMatter({ license, base, formats, tags }: ModelVersion): string {
  const lines = [
    ...(license ? [`license: ${JSON.stringify(license)}`] : []),
    ...(base ? [`base_model: ${JSON.stringify(base.ref)}`] : []),
    `tags: ${JSON.stringify([...formats, ...Object.keys(tags)])}`,
  ];
  return ["---", ...lines, "---"].join("\n");
}
