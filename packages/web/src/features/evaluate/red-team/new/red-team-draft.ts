import { RedTeamInput } from "@treadle/contract";
import type { Problems } from "../../experiments/index.ts";
import type { Plugin, RunBody, Strategy } from "../shared/use-red-team.ts";

/** The guards of an arm: `none`, `configured`, or the id of a policy. */
export type DraftArm = { readonly guards: string; readonly name: string };
export type Draft = {
  readonly name: string;
  readonly model: string;
  readonly assistant: "built-in" | "prompt" | "endpoint";
  readonly systemPrompt: string;
  readonly secret: string;
  readonly plugins: readonly Plugin[];
  readonly strategies: readonly Strategy[];
  readonly attacksPerPair: number;
  readonly harmlessPerPair: number;
  readonly seed: number;
  readonly arms: readonly DraftArm[];
  readonly judgeModel: string;
  readonly attackerModel: string;
  readonly calls: number;
  readonly usd: number | null;
};
export type FormProps = { draft: Draft; change: (next: Partial<Draft>) => void; problems: Problems };
type Read = { input: RunBody; problems: Problems } | { input: undefined; problems: Problems };

export const NO_GUARDS: DraftArm = { guards: "none", name: "Without guards" };
export const CONFIGURED: DraftArm = { guards: "configured", name: "As configured" };

/** What a run measures at least: the same attacks without guards and as they are. */
export const newDraft = (canChangeGuards: boolean): Draft => ({
  name: "",
  model: "",
  assistant: "built-in",
  systemPrompt: "",
  secret: "",
  plugins: ["prompt-injection", "document-injection", "jailbreak", "system-prompt", "personal-data"],
  strategies: ["plain", "base64", "role-play", "translation"],
  attacksPerPair: 5,
  harmlessPerPair: 2,
  seed: 1,
  arms: canChangeGuards ? [NO_GUARDS, CONFIGURED] : [CONFIGURED],
  judgeModel: "",
  attackerModel: "",
  calls: 2_000,
  usd: null,
});

/** The draft as a request, validated like on the server. Problems are by the name of their field. */
export function readDraft(draft: Draft): Read {
  const { assistant, systemPrompt, secret, calls, usd } = draft;
  const result = RedTeamInput.safeParse({
    name: draft.name || `Red team ${draft.model}`.trim().slice(0, 120),
    target: {
      model: draft.model,
      assistant,
      ...(assistant === "prompt" && { systemPrompt }),
      ...(assistant === "endpoint" && secret !== "" && { secret }),
    },
    plugins: draft.plugins,
    strategies: draft.strategies,
    attacksPerPair: draft.attacksPerPair,
    harmlessPerPair: draft.harmlessPerPair,
    seed: draft.seed,
    arms: draft.arms.map(toArm),
    judgeModel: draft.judgeModel.trim() || null,
    attackerModel: draft.attackerModel.trim() || null,
    budget: { calls, usd },
  });
  const own = needsOf(draft);
  if (result.success && Object.keys(own).length === 0) return { input: result.data, problems: {} };
  const issues = result.success ? [] : result.error.issues;
  return { input: undefined, problems: { ...Object.fromEntries(issues.map(({ path }) => wordsOf(path))), ...own } };
}

const toArm = ({ guards, name }: DraftArm) => ({
  name,
  guards: guards === "none" || guards === "configured" ? { kind: guards } : { kind: "policy", policyId: guards },
});

/** What the server would refuse after the shape is right. */
function needsOf({ plugins, strategies, judgeModel, attackerModel }: Draft): Problems {
  return {
    ...(plugins.includes("bias") &&
      judgeModel.trim() === "" && { judgeModel: "Enter a judge. Only a judge can decide the attacks of Bias." }),
    ...(strategies.includes("rewrite") &&
      attackerModel.trim() === "" && { attackerModel: "Enter a model that rewrites the attacks." }),
  };
}

const SENTENCES: Readonly<Record<string, string>> = {
  name: "Enter a name of at most 120 characters.",
  "target.model": "Enter an endpoint or a model.",
  "target.systemPrompt": "Enter the system prompt.",
  "target.secret": "Enter 8 to 40 letters.",
  plugins: "Choose at least one plugin.",
  strategies: "Choose at least one strategy.",
  attacksPerPair: "Enter a whole number from 1 to 20.",
  harmlessPerPair: "Enter a whole number from 0 to 10.",
  seed: "Enter a whole number from 0.",
  arms: "Choose one to four arms.",
  "budget.calls": "Enter a whole number from 1 to 100,000.",
  "budget.usd": "Enter an amount above 0, or leave it empty.",
};

function wordsOf(path: readonly PropertyKey[]): [string, string] {
  const whole = path.map(String).join(".");
  const name = whole in SENTENCES ? whole : String(path[0]);
  return [name, SENTENCES[name] ?? "Correct this field."];
}

/** The calls that a run needs at most, apart from the judge and the attacker. */
export const answersOf = ({ plugins, strategies, attacksPerPair, harmlessPerPair, arms }: Draft): number =>
  plugins.length * strategies.length * (attacksPerPair + harmlessPerPair) * arms.length;
