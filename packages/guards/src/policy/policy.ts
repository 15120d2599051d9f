/** Where a text comes from, and therefore how far it can be trusted. */
export const TRUSTS = ["system", "user", "retrieved", "tool-result", "tool-arguments", "output"] as const;
export type Trust = (typeof TRUSTS)[number];

/** What happens to a text with a finding, the weakest first. The strongest action of all findings decides. */
export const ACTIONS = ["observe", "flag", "mask", "redact", "block"] as const;
export type Action = (typeof ACTIONS)[number];

/** Why a text was not scanned. That is an outcome of its own: such a text is not clean. */
export const NOT_SCANNED = ["too-long", "failed", "unknown-content"] as const;
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
  /** Findings with a lower score do not count. */
  readonly threshold: number;
  readonly failure: Readonly<Record<NotScanned, Failure>>;
};

export type Policy = { readonly rules: readonly Rule[] };

const STRENGTH: ReadonlyMap<string, number> = new Map(ACTIONS.map((action, place) => [action, place + 1]));

/** Strongest action; `allow` without any. */
export const strongest = (actions: Iterable<Action | "allow">): Action | "allow" => {
  let found: Action | "allow" = "allow";
  for (const action of actions) if ((STRENGTH.get(action) ?? 0) > (STRENGTH.get(found) ?? 0)) found = action;
  return found;
};
