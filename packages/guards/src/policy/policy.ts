/** Where a text comes from, and therefore how far it can be trusted. */
export const TRUSTS = ["system", "user", "retrieved", "tool-result", "tool-arguments", "output"] as const;
export type Trust = (typeof TRUSTS)[number];

/** What happens to a text with a finding, the weakest first. The strongest action of all findings decides. */
export const ACTIONS = ["observe", "flag", "mask", "redact", "reask", "reroute", "block"] as const;
export type Action = (typeof ACTIONS)[number];

/** Why a text was not scanned. That is an outcome of its own: such a text is not clean. */
export const NOT_SCANNED = ["too-long", "failed", "timeout", "unknown-content"] as const;
export type NotScanned = (typeof NOT_SCANNED)[number];

/** Open lets a text pass that was not scanned, closed blocks it. */
export const FAILURES = ["open", "closed"] as const;
export type Failure = (typeof FAILURES)[number];

export type Rule = {
  /** The name of a detector. */
  readonly detector: string;
  /** The options of the detector, in its own shape. */
  readonly options: unknown;
  readonly scopes: readonly Trust[];
  readonly action: Action;
  /** For `reask`: what happens where the model cannot be asked again. `block` if nothing is given. */
  readonly fallback?: Action;
  /** For `reroute`: the endpoint or model that gets the request. */
  readonly target?: string | null;
  /** Findings with a lower score do not count. */
  readonly threshold: number;
  /** How long a detector that answers later may take, in milliseconds. 800 if nothing is given. */
  readonly budgetMs?: number;
  readonly failure: Readonly<Record<NotScanned, Failure>>;
};

/** The actions that need the sender of the call, and that it can take now. */
export type Possible = { readonly reask?: boolean; readonly reroute?: boolean };

/** What happens to a finding of a rule: its action, or what replaces an action that is not possible now. */
export function actionUnder({ action, fallback = "block" }: Rule, { reask, reroute }: Possible): Action {
  if (action === "reask" && !reask) return fallback;
  return action === "reroute" && !reroute ? "flag" : action;
}

export type Policy = { readonly rules: readonly Rule[] };

const STRENGTH: ReadonlyMap<string, number> = new Map(ACTIONS.map((action, place) => [action, place + 1]));

/** Strongest action; `allow` without any. */
export const strongest = (actions: Iterable<Action | "allow">): Action | "allow" => {
  let found: Action | "allow" = "allow";
  for (const action of actions) if ((STRENGTH.get(action) ?? 0) > (STRENGTH.get(found) ?? 0)) found = action;
  return found;
};
