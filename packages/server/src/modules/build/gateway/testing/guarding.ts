import {
  type Action,
  createMasks,
  type Detector,
  type LateDetector,
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
  detector: "email" | "card" | "shout" | "rude" | "missing",
  action: Action,
  { scopes = TRUSTS, failure = "open", ...more }: RuleMore = {},
): Rule => ({
  detector,
  options: {},
  scopes,
  action,
  ...more,
  threshold: 0.5,
  failure: { "too-long": failure, failed: failure, timeout: failure, "unknown-content": failure },
});

/** A detector that answers later, after a turn of the event loop: it finds the word `rude`. */
const createRude = () => {
  const seen: string[] = [];
  const rude: LateDetector<unknown> = {
    name: "rude",
    version: 1,
    async find(text) {
      seen.push(text);
      await new Promise((resolve) => setImmediate(resolve));
      if (text.includes("outage")) throw new Error("no answer");
      return text.includes("rude") ? [{ kind: "rude", score: 0.9 }] : [];
    },
  };
  return { seen, of: () => new Map([["rude", rude]]), names: new Set(["rude"]) };
};

/** Guards with a few detectors and one policy for every call, which a test can replace. */
export function createTestGuards() {
  const late = createRude();
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
      late,
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
    /** The texts that the detector `rude` was asked about. */
    askedRude: late.seen,
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
