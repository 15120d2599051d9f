import { type MonitorInput, SPAN_MEASURES } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { isNatural } from "../explore/index.ts";
import { impossibleBurns } from "./core/judge-burn.ts";
import { isRate } from "./reads/meters.ts";

/** Throws `invalid_request` for settings that do not fit together. */
export function checkInput(input: Pick<MonitorInput, "source" | "condition" | "windowSeconds">): void {
  checkSource(input);
  checkCondition(input);
}

function checkSource({ source, condition }: Pick<MonitorInput, "source" | "condition">): void {
  if (source.kind === "sql") {
    if (condition.kind !== "change") return;
    throw invalid(
      "source.kind",
      "A monitor with SQL has a condition of the kind `threshold` or `burn`. Use a measure for a change.",
    );
  }
  if (source.groupBy !== null && isNatural(source.groupBy))
    throw invalid(
      "source.groupBy",
      `\`${source.groupBy}\` cannot divide a monitor into series. Use another dimension.`,
    );
}

function checkCondition({ source, condition }: Pick<MonitorInput, "source" | "condition">): void {
  if (condition.kind === "threshold") checkThreshold(condition);
  if (condition.kind !== "burn") return;
  if (source.kind === "measure" && (!isRate(source.measure) || source.measure === "cacheHitRate"))
    throw invalid("source.measure", `A burn rate needs a rate of bad requests: ${BAD_RATES}.`);
  for (const { longMinutes, shortMinutes } of condition.windows)
    if (shortMinutes >= longMinutes)
      throw invalid(
        "condition.windows",
        `\`shortMinutes\` is ${shortMinutes}. It must be less than \`longMinutes\`, ${longMinutes}.`,
      );
  if (impossibleBurns(condition).length === condition.windows.length)
    throw invalid(
      "condition.windows",
      `No burn rate can be exceeded at an objective of ${condition.objective}. Use burn rates below ${(1 / (1 - condition.objective)).toFixed(1)}.`,
    );
}

const BAD_RATES = Object.entries(SPAN_MEASURES)
  .filter(([name, { unit }]) => unit === "ratio" && name !== "cacheHitRate")
  .map(([name]) => `\`${name}\``)
  .join(" or ");

function checkThreshold({
  critical,
  warning,
  recovery,
  direction,
}: Extract<MonitorInput["condition"], { kind: "threshold" }>): void {
  const first = warning ?? critical;
  if (first === null) throw invalid("condition.critical", "A threshold needs `critical`, `warning` or both.");
  const isAbove = direction === "above";
  if (critical !== null && warning !== null && (isAbove ? warning >= critical : warning <= critical))
    throw invalid(
      "condition.warning",
      `\`warning\` must be reached before \`critical\`: it is ${warning}, and \`critical\` is ${critical}.`,
    );
  if (recovery !== null && (isAbove ? recovery > first : recovery < first))
    throw invalid(
      "condition.recovery",
      `\`recovery\` is ${recovery}. It must be on the good side of the threshold, ${first}.`,
    );
}

const invalid = (param: string, message: string) =>
  new AppError("invalid_request", { message: `body.${param}: ${message}`, details: { param } });
