import type { SweepInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { SweptTraining } from "./deps.ts";
import { putSettings } from "./put-settings.ts";
import { isRange } from "./space.ts";
import { trialsOf } from "./suggest.ts";

/** Throws all that is wrong with a search before anything is computed: its configuration, each end of what is searched, and what a run needs. */
export async function checkSweep(training: SweptTraining, scope: Scope, input: SweepInput): Promise<void> {
  const read = training.read(input.config);
  const issues = read.problems.map(({ path, message }) => ({ path: `body.config.${path}`, message }));
  if (read.config !== null) {
    for (const [path, dimension] of Object.entries(input.search)) {
      const ends = isRange(dimension) ? [dimension.min, dimension.max] : dimension.values;
      for (const value of ends) {
        const { problems } = training.read(putSettings(read.config, { [path]: value }));
        for (const { message } of problems)
          issues.push({ path: `body.search.${path}`, message: `${JSON.stringify(value)}: ${message}` });
      }
    }
    if (input.metric === "eval_loss" && trialsOf({ ...input, space: input.search }) > 0)
      issues.push(...withoutHeldOut(read.config));
  }
  if (issues.length > 0)
    throw new AppError("invalid_request", {
      message: `The search cannot be started: ${issues[0]?.path.replace("body.", "")}: ${issues[0]?.message}`,
      details: { issues },
    });
  await training.requireParts(scope, input.config);
}

function withoutHeldOut({ val }: { readonly val: { readonly split: string | null; readonly fraction: number } }) {
  return val.split === null && val.fraction === 0
    ? [{ path: "body.config.val.fraction", message: "holds out no rows, so trials cannot be compared" }]
    : [];
}
