import type { RedTeamArm, RedTeamInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type AttackItem, generateAttacks, requestsToRewrite } from "../attacks/generate-attacks.ts";
import { pluginOf } from "../attacks/plugins/all-plugins.ts";
import { needsAttacker } from "../attacks/strategies/all-strategies.ts";
import type { RedTeamDeps } from "../stores/deps.ts";

const wrong = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });

/** How many items and calls a run has. */
export type Plan = { readonly attacks: number; readonly harmless: number };

/** What would fail later fails now. Gives the input with the versions of its policies fixed. */
export async function checkInput(deps: RedTeamDeps, scope: Scope, input: RedTeamInput) {
  checkPermissions(scope, input);
  checkTarget(input);
  checkModels(input);
  const plan = planCalls(input);
  const arms: RedTeamArm[] = [];
  for (const [place, arm] of input.arms.entries()) arms.push(await fixArm(deps, scope, { arm, place }));
  for (const model of [input.target.model, input.judgeModel, input.attackerModel])
    if (model !== null) await deps.priceOf(scope.projectId, { model, inputTokens: 1, outputTokens: 1 });
  return { input: { ...input, arms }, plan };
}

/** A run calls models and stores a dataset. Other guards than the configured ones are a change of guards. */
function checkPermissions({ permissions }: Scope, { arms }: RedTeamInput): void {
  const isOther = arms.some(({ guards }) => guards.kind !== "configured");
  const needed = ["gateway:use", "datasets:write", ...(isOther ? (["guards:write"] as const) : [])] as const;
  for (const permission of needed)
    if (!permissions.has(permission))
      throw new AppError("forbidden", {
        message:
          permission === "guards:write"
            ? "An arm with other guards than the configured ones needs the permission `guards:write`."
            : `A red team run needs the permission \`${permission}\` too.`,
      });
}

function checkTarget({ target, plugins }: RedTeamInput): void {
  const { assistant, systemPrompt, secret } = target;
  if ((systemPrompt !== null) !== (assistant === "prompt"))
    throw wrong("target.systemPrompt", "Set `systemPrompt` for the assistant `prompt`, and only for it.");
  if (secret !== null && assistant !== "endpoint")
    throw wrong("target.secret", "Set `secret` only for the assistant `endpoint`. Other assistants get a secret.");
  const plugin = plugins.map(pluginOf).find(({ needsSecret }) => needsSecret);
  if (plugin === undefined || assistant === "built-in") return;
  if (assistant === "prompt" && !systemPrompt?.includes("{{secret}}"))
    throw wrong(
      "target.systemPrompt",
      `The plugin "${plugin.id}" looks for a secret. Write \`{{secret}}\` where the prompt has something to protect.`,
    );
  if (assistant === "endpoint" && secret === null)
    throw wrong(
      "target.secret",
      `The plugin "${plugin.id}" looks for a secret. Set \`secret\` to a word that only the endpoint's prompt contains.`,
    );
}

function checkModels({ plugins, strategies, judgeModel, attackerModel }: RedTeamInput): void {
  const judged = plugins.map(pluginOf).find(({ needsJudge }) => needsJudge);
  if (judged && judgeModel === null)
    throw wrong("judgeModel", `Only a judge can decide the attacks of "${judged.id}". Set \`judgeModel\`.`);
  if (strategies.some(needsAttacker) && attackerModel === null)
    throw wrong("attackerModel", "The strategy `rewrite` needs a model that rewrites. Set `attackerModel`.");
}

const isAttack = ({ metadata }: AttackItem) => metadata.intent === "attack";
const mayBeJudged = ({ metadata }: AttackItem) => metadata.grader === "refusal" || metadata.grader === "judge";

/** Throws `unprocessable` for a run that could make more calls than its budget allows. */
function planCalls(input: RedTeamInput): Plan {
  const items = generateAttacks(input);
  const attacks = items.filter(isAttack);
  const arms = input.arms.length;
  const judged = input.judgeModel === null ? 0 : attacks.filter(mayBeJudged).length * arms;
  const rewritten = input.strategies.some(needsAttacker) ? requestsToRewrite(input).length : 0;
  const calls = items.length * arms + judged + rewritten;
  if (calls > input.budget.calls)
    throw wrong(
      "budget.calls",
      `The run may need ${calls} calls: ${items.length} requests in ${arms} arms, ${judged} for the judge and ${rewritten} for the attacker. The budget is ${input.budget.calls} calls. Raise it, or choose fewer plugins, strategies or attacks.`,
    );
  return { attacks: attacks.length, harmless: items.length - attacks.length };
}

type Placed = { readonly arm: RedTeamArm; readonly place: number };

async function fixArm({ openGuards }: RedTeamDeps, scope: Scope, { arm, place }: Placed): Promise<RedTeamArm> {
  const { guards } = arm;
  if (guards.kind === "configured") return arm;
  try {
    const { policy } = await openGuards(scope, guards);
    return guards.kind === "policy" ? { ...arm, guards: { ...guards, version: policy?.version ?? null } } : arm;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const details = { param: `arms.${place}.guards` };
    throw new AppError(error.code, { message: `arms.${place}: ${error.message}`, details, cause: error });
  }
}
