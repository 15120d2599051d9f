import type { Labels } from "./port.ts";

type Node<State> = { readonly next: Map<string, Node<State>>; state: State | null };

const leaf = <State>(): Node<State> => ({ next: new Map(), state: null });

/**
 * The counters for each combination of label values. A lookup goes value by value: the texts are constants, so a map
 * knows their hashes. One combined text per observation costs several times as much as counting.
 */
export function createSeries<State>(names: readonly string[], begin: (labels: Labels) => State) {
  const root = leaf<State>();
  const states: State[] = [];

  function grow(from: Node<State>, value: string): Node<State> {
    const node = leaf<State>();
    from.next.set(value, node);
    return node;
  }

  function add(node: Node<State>, labels: Labels): State {
    const unknown = Object.keys(labels).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new Error(`"${unknown}" is not a label of this metric. Its labels: ${names.join(", ")}.`);
    const state = begin({ ...labels });
    node.state = state;
    states.push(state);
    return state;
  }

  // Without labels there is one, from the start on.
  if (names.length === 0) add(root, {});

  return {
    /** Of all combinations, in the order of their first occurrence. */
    states: states as readonly State[],
    /** Throws for an undeclared label in a new combination. An omitted label is empty. */
    find(labels: Labels): State {
      let node = root;
      for (const name of names) {
        const value = labels[name] ?? "";
        node = node.next.get(value) ?? grow(node, value);
      }
      return node.state ?? add(node, labels);
    },
  };
}
