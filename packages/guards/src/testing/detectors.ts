import type { Detector } from "../detector.ts";
import { type Action, createMasks, type Need, openGroups, type PreparedText, type Rule, TRUSTS } from "../index.ts";
import type { Judging } from "../policy/run-rule.ts";

/** A text whose views are all the text itself. */
export const plain = (text: string): PreparedText => ({
  text,
  normalized: { view: "normalized", text, toOriginal: (span) => span },
  hidden: [],
});

type More = { readonly need?: Need; readonly openFrom?: (text: string) => number };

export const byPattern = (name: string, pattern: RegExp, { need = { upTo: 64 }, openFrom }: More = {}): Detector => ({
  name,
  version: 1,
  isDeterministic: true,
  need,
  ...(openFrom && { openFrom }),
  find: ({ text }) =>
    [...text.matchAll(pattern)].map((match) => ({
      detector: name,
      kind: name,
      start: match.index,
      end: match.index + match[0].length,
      score: 1,
      view: "text" as const,
    })),
});

export const emails = byPattern("email", /(?<![\w.])[\w.]{1,20}@\w{1,20}\.\w{2,6}(?!\w)/g, { openFrom: openGroups });
export const cards = byPattern("card", /(?<!\d)\d{4}(?: \d{4}){3}(?!\d| \d)/g, { openFrom: openGroups });
/** Cannot tell where a match may begin, so a stream is held back by as much as it needs. */
export const keys = byPattern("key", /\bkey_[a-z]{8}\b/g, { need: { upTo: 16 } });
export const shouts = byPattern("shout", /[A-Z]{5,}!/g, { need: "sentence" });
export const orders = byPattern("order", /ignore all/g, { need: "whole" });
export const broken: Detector = {
  ...byPattern("broken", /x/g),
  find() {
    throw new Error("a detector that fails");
  },
};

export const ruleOf = (detector: Pick<Detector, "name">, action: Action, more: Partial<Rule> = {}): Rule => ({
  detector: detector.name,
  options: undefined,
  scopes: TRUSTS,
  action,
  threshold: 0.5,
  failure: { "too-long": "closed", failed: "closed", timeout: "closed", "unknown-content": "open" },
  ...more,
});

export const judgingOf = (rules: readonly Rule[], more: Partial<Judging> = {}): Judging => ({
  trust: "output",
  policy: { rules },
  detectors: new Map([emails, cards, keys, shouts, orders, broken].map((one) => [one.name, one as Detector<unknown>])),
  prepare: plain,
  masks: createMasks(),
  now: () => 0,
  ...more,
});
