import type { Flag, Operation } from "../../packages/cli/src/operations/operation.ts";

const AREAS = ["observe", "build", "data", "evaluate", "train", "release", "system"];
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Every generated command by area, for docs/reference/cli.md. */
export function writeReference(operations: readonly Operation[]): readonly string[] {
  return AREAS.flatMap((area) => {
    const own = operations.filter((operation) => operation.area === area);
    return [`## ${area[0]?.toUpperCase()}${area.slice(1)}`, tableOf(own)];
  });
}

const tableOf = (operations: readonly Operation[]) =>
  ["| Command | What it does | Flags |", "| --- | --- | --- |", ...operations.map(rowOf)].join("\n");

function rowOf({
  noun,
  verb,
  aliases = [],
  params = [],
  flags = [],
  summary,
  body,
  acceptsKey,
  isPaged,
  hasJob,
}: Operation): string {
  const usage = [`treadle ${noun} ${verb}`, ...params.map(({ name }) => `<${name}>`)].join(" ");
  const also = aliases.length > 0 ? ` (also \`${aliases.join("`, `")}\`)` : "";
  const names = [
    ...flags.map(flagName),
    ...(body === "json" ? ["--body"] : body ? ["**--file**"] : []),
    ...(acceptsKey ? ["--idempotency-key"] : []),
    ...(isPaged ? ["--all"] : []),
    ...(hasJob ? ["--wait"] : []),
  ];
  return `| \`${usage}\`${also} | ${cell(summary)} | ${names.join(" ")} |`;
}

const flagName = ({ name, required }: Flag) => (required ? `**--${name}**` : `--${name}`);
