/** When a rule read a text, on the clock of the judgement, and for how long. A stream is read many times. */
export type RuleRead = {
  /** The place of the rule in the policy, from 0. */
  readonly rule: number;
  readonly from: number;
  readonly to: number;
  /** The sum of the times in which the rule computed, or waited for its answer. */
  readonly ms: number;
};

/** Measures the rules that read one text. */
export function createRuleTimes(now: () => number) {
  const reads: RuleRead[] = [];

  function add(read: RuleRead): void {
    const index = reads.findIndex(({ rule }) => rule === read.rule);
    const before = reads[index];
    if (!before) reads.push(read);
    else
      reads[index] = {
        rule: read.rule,
        from: Math.min(before.from, read.from),
        to: Math.max(before.to, read.to),
        ms: before.ms + read.ms,
      };
  }

  return {
    add,
    /** The work must not throw. */
    run<Result>(rule: number, work: () => Result): Result {
      const from = now();
      const result = work();
      const to = now();
      add({ rule, from, to, ms: to - from });
      return result;
    },
    /** In the order of the rules. */
    reads: (): readonly RuleRead[] => reads.toSorted((one, other) => one.rule - other.rule),
  };
}
export type RuleTimes = ReturnType<typeof createRuleTimes>;
