import type { BisectStep, RunVersions } from "@treadle/contract";
import type { FixedVariant } from "../build-request.ts";

/** What made a run's scores. */
export type Side = {
  readonly variant: FixedVariant;
  /** The signature of the scorer. */
  readonly judge: string;
  /** The dataset's root. */
  readonly root: string;
  /** What else was in use, by the names of its versions. */
  readonly versions: RunVersions;
};
/** A state on the way; its scorer is that of one of the two ends, its items are those of a version of the dataset. */
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
 * The changes between two runs, one at a time, with the state that each leaves: first those that need no new answer or change
 * only the items, then the variant's. Versions of one prompt and of the dataset come one by one. `states` has one more than `steps`.
 * What is only known by a name cannot be changed here, and which of its versions is in use now is not known: so it stands at both
 * ends, from what the good run had to what is in use now, and from there to what the bad run had; one of the two changes nothing.
 * Where nothing else changed, it is one change.
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
      ...{ kind: "judge", label: "the scorer", before: good.judge, after: bad.judge },
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
      ...{ kind: "dataset", label: `the dataset: ${before.label} → ${label}`, before: before.root, after: root },
      apply: (state) => ({ ...state, root }),
    };
  });
}

const NOW = "what is in use now";

function between(named: readonly NamedChange[], own: readonly Change[]): readonly Change[] {
  const change = ({ name, before, after }: NamedChange, how: string): Change => ({
    ...{ kind: kindOf(name), label: `${name}: ${before} → ${after}${how}`, before, after, isRunnable: false },
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

/** What is not the same version in both, such as a retriever; `none` stands for one that a run does not name. */
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
    ...{ kind: "messages", label: "the messages", ...sides(good.messages, bad.messages) },
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
    ...{ kind: "model", label: `${good.model} → ${bad.model}`, before: good.model, after: bad.model },
    apply: put({ model: bad.model }),
  };
  // Messages of its own stand in for a stored prompt; going from the one to the other is a single change, of the prompt.
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
        ...{ kind: "prompt", label: `${from.name}: version ${before} → ${after}` },
        ...{ before: `${from.name}@${before}`, after: `${from.name}@${after}` },
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
  prompt ? `${prompt.name}@${prompt.version}` : messages ? "messages of its own" : "the item's messages";

const sides = (before: unknown, after: unknown) => ({ before: inWords(before), after: inWords(after) });
const inWords = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value).slice(0, LONGEST));
