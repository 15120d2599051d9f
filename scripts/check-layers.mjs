// Checks the rules of .dependency-cruiser.mjs on the packages below the current folder.
// With --json the findings go to standard output as [{ rule, from, to }] and the exit code is 0.
import { existsSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import config from "../.dependency-cruiser.mjs";

/** Fewer files than this means that the search itself went wrong, and nothing was checked. */
const FEWEST_FILES = 30;

async function findViolations() {
  const { forbidden, options } = config;
  const { output } = await cruise(
    ["packages"],
    { ...options, ruleSet: { forbidden }, validate: true },
    { ...options.enhancedResolveOptions },
    { tsConfig: extractTSConfig(options.tsConfig.fileName) },
  );
  if (typeof output === "string")
    throw new Error(`dependency-cruiser gave text where its findings were expected: ${output.slice(0, 200)}`);
  const { summary } = output;
  const used = summary.ruleSetUsed?.forbidden?.length;
  if (used !== forbidden.length) throw new Error(`dependency-cruiser took ${used} of ${forbidden.length} rules`);
  if (summary.totalCruised < FEWEST_FILES)
    throw new Error(`dependency-cruiser looked at ${summary.totalCruised} files only`);
  return { violations: summary.violations, files: summary.totalCruised, rules: used };
}

if (!existsSync("packages")) throw new Error("run this in a folder that holds packages/");
const { violations, files, rules } = await findViolations();
if (process.argv.includes("--json")) {
  console.log(JSON.stringify(violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))));
} else {
  const comments = new Map(config.forbidden.map(({ name, comment }) => [name, comment]));
  for (const { rule, from, to } of violations)
    console.error(`${rule.name}: ${from} -> ${to}\n  ${comments.get(rule.name)}`);
  console.log(`${files} files, ${rules} rules, ${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
