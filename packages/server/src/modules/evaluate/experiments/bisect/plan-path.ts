import type { BisectStep, RunVersions } from "@treadle/contract";
import type { FixedVariant } from "../run/build-request.ts";

/** The configuration that determines a run's scores. */
export type Side = {
  readonly variant: FixedVariant;
  /** The signature of the scorer. */
  readonly judge: string;
  /** The dataset's root. */
  readonly root: string;
  /** Other versions in use, by name. */
  readonly versions: RunVersions;
};
/** A state on the path. Its scorer belongs to one of the two ends, its items to a version of the dataset. */
export type State = {
  readonly variant: FixedVariant;
  readonly judge: "good" | "bad";
  readonly root: string;
  /** Answered with what is in use now, so that no earlier answer is one of this state. */
  readonly isNow: boolean;
};
export type Path = {
  readonly steps: readonly BisectStep[];
  readonly states: readonly State[];
  /** The places of the states that can be answered, the two ends among them. Between two of them lies one change, or several that cannot be made here. */
  readonly stops: readonly number[];
};
type Change = Pick<BisectStep, "kind" | "label" | "before" | "after"> & {
  readonly isRunnable?: boolean;
  readonly apply: (state: State) => State;
};
/** A state of the dataset between the two ends, and how it is called. */
export type RootOnWay = { readonly root: string; readonly label: string };

const LONGEST = 2_000;

/**
 * The changes between two runs, one at a time, with the state after each. First the changes that need no new answers or
 * change only the items, then the variant's. Versions of one prompt and of the dataset change one by one. `states` has
 * one more entry than `steps`.
 * A version known only by name cannot be applied here, and the current version is unknown. It is therefore a step at
 * both ends: from the good run's version to the current version, and from there to the bad run's version. One of the
 * two changes nothing. If nothing else changed, it is a single change.
 */
export function planPath(good: Side, bad: Side, roots: readonly RootOnWay[] = []): Path {
  const own = [
    ...datasetOf(good, bad, roots),
    ...partsOf(good.variant, bad.variant),
    ...promptsOf(good.variant, bad.variant),
  ];
  const changes = [...judgeOf(good, bad), ...between(changedVersions(good.versions, bad.versions), own)];
  const states: State[] = [{ variant: good.variant, judge: "good", root: good.root, isNow: false }];
  for (const { apply } of changes) {
    const last = states.at(-1);
    if (last) states.push(apply(last));
  }
  const steps = changes.map(
    ({ apply: _, isRunnable = true, ...step }, at): BisectStep => ({ index: at + 1, ...step, isRunnable }),
  );
  const isStop = (place: number) => (steps[place - 1]?.isRunnable ?? true) || (steps[place]?.isRunnable ?? true);
  return { steps, states, stops: states.map((_, place) => place).filter(isStop) };
}

function judgeOf(good: Side, bad: Side): Change[] {
  if (good.judge === bad.judge) return [];
  return [
    {
      kind: "judge",
      label: "the scorer",
      before: good.judge,
      after: bad.judge,
      apply: (state) => ({ ...state, judge: "bad" }),
    },
  ];
}

/** From one state of the dataset to the next; a single change where what lies between is not known. */
function datasetOf(good: Side, bad: Side, roots: readonly RootOnWay[]): Change[] {
  if (good.root === bad.root) return [];
  const first = { root: good.root, label: good.root.slice(0, 8) };
  const way = roots.length > 1 ? roots : [first, { root: bad.root, label: bad.root.slice(0, 8) }];
  return way.slice(1).map(({ root, label }, at): Change => {
    const before = way[at] ?? first;
    return {
      kind: "dataset",
      label: `the dataset: ${before.label} → ${label}`,
      before: before.root,
      after: root,
      apply: (state) => ({ ...state, root }),
    };
  });
}

const NOW = "the current version";

function between(named: readonly NamedChange[], own: readonly Change[]): readonly Change[] {
  const change = ({ name, before, after }: NamedChange, how: string): Change => ({
    kind: kindOf(name),
    label: `${name}: ${before} → ${after}${how}`,
    before,
    after,
    isRunnable: false,
    apply: (state) => ({ ...state, isNow: true }),
  });
  if (own.length === 0) return named.map((one) => change(one, ""));
  return [
    ...named.map((one) => change(one, `, from ${one.before} to ${NOW}`)),
    ...own,
    ...named.map((one) => change(one, `, from ${NOW} to ${one.after}`)),
  ];
}

type NamedChange = { readonly name: string; readonly before: string; readonly after: string };

/**
 * Components with different versions in the two runs, such as a retriever. `none` means that a run does not name the
 * component.
 */
export function changedVersions(good: RunVersions, bad: RunVersions): NamedChange[] {
  return [...new Set([...Object.keys(good), ...Object.keys(bad)])]
    .sort()
    .filter((name) => good[name] !== bad[name])
    .map((name) => ({ name, before: good[name] ?? "none", after: bad[name] ?? "none" }));
}

export const kindOf = (name: string): BisectStep["kind"] =>
  name === "code" || name === "retriever" ? name : "version";

/** Messages that are stored nowhere, parameters one by one, and the model. */
function partsOf(good: FixedVariant, bad: FixedVariant): Change[] {
  const put = (part: Partial<FixedVariant>) => (state: State) => ({ ...state, variant: { ...state.variant, ...part } });
  const isOther = JSON.stringify(good.messages) !== JSON.stringify(bad.messages);
  const messages: Change = {
    kind: "messages",
    label: "the messages",
    ...sides(good.messages, bad.messages),
    apply: put({ messages: bad.messages }),
  };
  const names = [...new Set([...Object.keys(good.parameters), ...Object.keys(bad.parameters)])].sort();
  const changed = names.filter(
    (name) => JSON.stringify(good.parameters[name]) !== JSON.stringify(bad.parameters[name]),
  );
  const parameters = changed.map((name): Change => {
    const { before, after } = sides(good.parameters[name], bad.parameters[name]);
    const apply = (state: State): State => {
      const { [name]: _, ...rest } = state.variant.parameters;
      const value = name in bad.parameters ? { [name]: bad.parameters[name] } : {};
      return { ...state, variant: { ...state.variant, parameters: { ...rest, ...value } } };
    };
    return {
      kind: "parameter",
      label: `${name}: ${before.slice(0, 60)} → ${after.slice(0, 60)}`,
      before,
      after,
      apply,
    };
  });
  const model: Change = {
    kind: "model",
    label: `${good.model} → ${bad.model}`,
    before: good.model,
    after: bad.model,
    apply: put({ model: bad.model }),
  };
  // A variant's own messages replace a stored prompt. Switching between the two is a single change of the prompt.
  const isOwn = good.prompt === null && bad.prompt === null && isOther;
  return [...(isOwn ? [messages] : []), ...parameters, ...(good.model === bad.model ? [] : [model])];
}

function promptsOf(good: FixedVariant, bad: FixedVariant): Change[] {
  const to = (part: Pick<FixedVariant, "prompt" | "messages">) => (state: State) => ({
    ...state,
    variant: { ...state.variant, ...part },
  });
  const [from, until] = [good.prompt, bad.prompt];
  if (from === null && until === null) return [];
  if (from !== null && until !== null && from.name === until.name) {
    const way = Math.sign(until.version - from.version);
    return Array.from({ length: Math.abs(until.version - from.version) }, (_, at): Change => {
      const [before, after] = [from.version + at * way, from.version + (at + 1) * way];
      return {
        kind: "prompt",
        label: `${from.name}: version ${before} → ${after}`,
        before: `${from.name}@${before}`,
        after: `${from.name}@${after}`,
        apply: to({ prompt: { name: from.name, version: after }, messages: null }),
      };
    });
  }
  const [before, after] = [promptWords(good), promptWords(bad)];
  return [
    {
      kind: "prompt",
      label: `${before} → ${after}`,
      before,
      after,
      apply: to({ prompt: until, messages: bad.messages }),
    },
  ];
}

const promptWords = ({ prompt, messages }: FixedVariant) =>
  prompt ? `${prompt.name}@${prompt.version}` : messages ? "the variant's messages" : "the item's messages";

const sides = (before: unknown, after: unknown) => ({ before: inWords(before), after: inWords(after) });
const inWords = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value).slice(0, LONGEST));
