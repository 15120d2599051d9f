import type { ModelFile, ModelVersion, RegistryModel } from "@treadle/contract";

type Told = {
  readonly model: RegistryModel;
  readonly version: ModelVersion;
  readonly files: readonly ModelFile[];
};

/** The model card: the known facts of a version, in Markdown. Unknown facts are labeled as unknown, not left out. */
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
      ? "The training data is unknown."
      : table(
          version.data.map(({ ref, version: at, rows, root }) => [
            escaped(ref),
            `${at ? `version ${at}, ` : ""}${rows ?? "unknown"} rows${root ? `, root ${root.slice(0, 12)}…` : ""}`,
          ]),
        ),
    ...trainingWords(version),
    "## Evaluation",
    evaluation === null ? "It was not evaluated here. Evaluate it before you rely on it." : scores(evaluation),
    "## Limits",
    version.limits ||
      "Out-of-scope uses are not documented. Language models can state things that are not true. Review the model's answers before people rely on them.",
    "## License",
    licenseWords(version),
    ...(version.notes === "" ? [] : ["## Notes", version.notes]),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function licenseWords({ license, licenseFrom, base }: ModelVersion): string {
  if (license !== null) return licenseFrom?.base ? `${license}, from the base ${licenseFrom.base}` : license;
  const why = base ? `The license of the base ${base.ref} is unknown too. ` : "";
  return `Unknown. ${why}Find out before you use the model.`;
}

const escaped = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function table(rows: readonly (readonly [string, string | null | undefined])[]): string {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return ["| | |", "| --- | --- |", ...known.map(([name, value]) => `| ${name} | ${escaped(String(value))} |`)].join(
    "\n",
  );
}

const digits = (value: number) => value.toFixed(3);
const between = (low: number | null, high: number | null) =>
  low === null || high === null ? "" : `${digits(low)} to ${digits(high)}`;

/**
 * The interval of the version's own value and the interval of its difference from the base answer different questions,
 * so each has a column. Evaluations without a difference were stored with an interval that is neither, which is left
 * out.
 */
function scores({ verdict, summary, scores: all }: NonNullable<ModelVersion["evaluation"]>): string {
  const lines = all.map(({ name, value, low, high, baseline, difference, pValue, items }) => {
    const isOwn = difference !== undefined || baseline === null;
    const change = difference
      ? [`${difference.value > 0 ? "+" : ""}${digits(difference.value)}`, between(difference.low, difference.high)]
      : ["", ""];
    const p = pValue === null ? "" : pValue < 0.001 ? "< 0.001" : digits(pValue);
    const own = [digits(value), isOwn ? between(low, high) : ""];
    const cells = [escaped(name), ...own, baseline === null ? "" : digits(baseline), ...change, p, items ?? ""];
    return `| ${cells.join(" | ")} |`;
  });
  const head = [
    "| Score | This version | 95 % interval | Base | Difference | 95 % interval of the difference | p | Items |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
  ];
  const words = verdict === null ? summary : `**${verdict}**. ${summary}`;
  return [words.trim(), all.length === 0 ? "" : [...head, ...lines].join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

function trainingWords({ training, data }: ModelVersion): string[] {
  if (training === null) return [];
  const { method, hyperparameters, versions } = training;
  return [
    "## Training",
    table([
      ["Method", method],
      ...Object.entries(hyperparameters).map(([name, value]) => [name, String(value)] as const),
    ]),
    "## Prompt format",
    promptWords(training, data),
    "## Versions",
    Object.keys(versions).length === 0 ? "The library versions are unknown." : table(Object.entries(versions)),
  ];
}

/** A model answers best with the prompts of its training. */
function promptWords({ chatTemplate }: NonNullable<ModelVersion["training"]>, data: ModelVersion["data"]): string {
  const isNamed = !chatTemplate.includes("{");
  const template = isNamed
    ? `Chat template: ${chatTemplate === "model" ? "the base's own" : chatTemplate}.`
    : `Chat template:\n\n${fenced(chatTemplate)}`;
  const prompts = data.flatMap(({ ref, prompt, target }) =>
    prompt
      ? [
          `Messages of ${ref} (Mustache templates of the item's inputs; the answer is in ${target ?? "expected"}):`,
          fenced(prompt.map(({ role, content }) => `${role}: ${content}`).join("\n")),
        ]
      : [`Items of ${ref} were used as chats without a prompt.`],
  );
  return [template, ...prompts].join("\n\n");
}

/** A fence that the text does not hold. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** The method speaks for itself; other keys give their values a meaning. */
const tagOf = ([key, value]: readonly [string, string]) =>
  key === "method" || value === "" ? value || key : `${key}:${value}`;

/** The fields of a card that other registries read. */
function frontMatter({ license, base, formats, tags }: ModelVersion): string {
  const lines = [
    ...(license ? [`license: ${JSON.stringify(license)}`] : []),
    ...(base ? [`base_model: ${JSON.stringify(base.ref)}`] : []),
    `tags: ${JSON.stringify([...formats, ...Object.entries(tags).map(tagOf)])}`,
  ];
  return ["---", ...lines, "---"].join("\n");
}
