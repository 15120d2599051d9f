import {
  type Action,
  createMasks,
  type Detector,
  type Need,
  openGroups,
  type Policy,
  type Refusal,
  type Rule,
  TRUSTS,
  type Trust,
} from "@treadle/guards";
import type { GatewayDeps } from "../service.ts";

export const EMAIL = "ann@example.com";
export const CARD = "4111 1111 1111 1111";

const byPattern = (name: string, pattern: RegExp, need: Need = { upTo: 64 }): Detector<unknown> => ({
  name,
  version: 1,
  isDeterministic: true,
  need,
  openFrom: (text) => openGroups(text),
  find: ({ text }) =>
    [...text.matchAll(pattern)].map((match) => ({
      detector: name,
      kind: name,
      start: match.index,
      end: match.index + match[0].length,
      score: 1,
      view: "text",
    })),
});

const DETECTORS = [
  byPattern("email", /(?<![\w.])[\w.]{1,30}@\w{1,30}\.\w{2,6}(?!\w)/g),
  byPattern("card", /(?<!\d)4\d{3}(?:[ -]?\d{4}){3}(?!\d)/g),
  byPattern("shout", /[A-Z]{5,}!/g, "whole"),
];

type RuleMore = Partial<Pick<Rule, "fallback" | "target">> & {
  readonly scopes?: readonly Trust[];
  readonly failure?: "open" | "closed";
};

export const ruleOf = (
  detector: "email" | "card" | "shout" | "missing",
  action: Action,
  { scopes = TRUSTS, failure = "open", ...more }: RuleMore = {},
): Rule => ({
  detector,
  options: {},
  scopes,
  action,
  ...more,
  threshold: 0.5,
  failure: { "too-long": failure, failed: failure, "unknown-content": failure },
});

/** Guards with two detectors and one policy for every call, which a test can replace. */
export function createTestGuards() {
  let policy: Policy | null = null;
  let refusal: Refusal | null = null;
  const guards: GatewayDeps["guards"] = {
    find: () =>
      policy && {
        policyId: "gpol_test",
        version: 3,
        maskSeconds: 60,
        refusal,
        policy,
        hasMasks: policy.rules.some(({ action }) => action === "mask"),
      },
    openMasks: async () => ({ masks: createMasks(), save: () => undefined }),
    registry: {
      detectors: new Map(DETECTORS.map((detector) => [detector.name, detector])),
      prepare: (text) => ({
        text,
        normalized: { view: "normalized", text, toOriginal: (span) => span },
        hidden: [],
      }),
      thresholdOf: () => 0.5,
      readOptions: (_detector, options) => options,
    },
  };
  return {
    guards,
    use(...rules: readonly Rule[]) {
      policy = rules.length === 0 ? null : { rules };
      refusal = null;
    },
    /** The text instead of what the current policy blocks. */
    refuseWith(text: string, texts: Refusal["texts"] = {}) {
      refusal = { text, texts };
    },
  };
}
