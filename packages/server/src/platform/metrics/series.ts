import type { Labels } from "./port.ts";

type Node<State> = { readonly next: Map<string, Node<State>>; state: State | null };

const leaf = <State>(): Node<State> => ({ next: new Map(), state: null });

/**
 * What is counted for each combination of label values. It is found value by value: the texts are those of the program, so a map knows their
 * hashes already, while one text that is made of them all for each observation costs several times what is counted.
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
      throw new Error(`"${unknown}" is no label of this metric, which has: ${names.join(", ")}.`);
    const state = begin({ ...labels });
    node.state = state;
    states.push(state);
    return state;
  }

  // Without labels there is one, from the start on.
  if (names.length === 0) add(root, {});

  return {
    /** Of all combinations that came, in the order in which they came first. */
    states: states as readonly State[],
    /** Throws for a label that was not declared, when its combination is new; one that is left out is empty. */
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
