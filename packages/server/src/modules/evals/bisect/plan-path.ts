import type { BisectStep } from "@treadle/contract";
import type { FixedVariant } from "../build-request.ts";

/** What made a run's scores. */
export type Side = {
  readonly variant: FixedVariant;
  /** The signature of the scorer. */
  readonly judge: string;
  /** The dataset's root. */
  readonly root: string;
};
/** A state on the way; where its items and its scorer come from is one of the two ends. */
export type State = { readonly variant: FixedVariant; readonly judge: End; readonly items: End };
type End = "good" | "bad";
export type Path = { readonly steps: readonly BisectStep[]; readonly states: readonly State[] };
type Change = Pick<BisectStep, "kind" | "label" | "before" | "after"> & { readonly apply: (state: State) => State };

const LONGEST = 2_000;

/**
 * The changes between two runs, one at a time, with the state that each leaves: first those that need no new answer or change
 * only the items, then the variant's. Versions of one prompt come one by one. `states` has one more than `steps`.
 */
export function planPath(good: Side, bad: Side): Path {
  const changes = [
    ...aroundOf(good, bad),
    ...partsOf(good.variant, bad.variant),
    ...promptsOf(good.variant, bad.variant),
  ];
  const states: State[] = [{ variant: good.variant, judge: "good", items: "good" }];
  for (const { apply } of changes) {
    const last = states.at(-1);
    if (last) states.push(apply(last));
  }
  const steps = changes.map(({ apply: _, ...step }, at) => ({ index: at + 1, ...step }));
  return { steps, states };
}

function aroundOf(good: Side, bad: Side): Change[] {
  const judge: Change = {
    ...{ kind: "judge", label: "the scorer", before: good.judge, after: bad.judge },
    apply: (state) => ({ ...state, judge: "bad" }),
  };
  const dataset: Change = {
    ...{ kind: "dataset", before: good.root, after: bad.root },
    label: `the dataset: ${good.root.slice(0, 8)} → ${bad.root.slice(0, 8)}`,
    apply: (state) => ({ ...state, items: "bad" }),
  };
  return [...(good.judge === bad.judge ? [] : [judge]), ...(good.root === bad.root ? [] : [dataset])];
}

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
