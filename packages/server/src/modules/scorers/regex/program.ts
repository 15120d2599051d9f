import { type Assertion, parseRegex, type RegexNode, refuse } from "./parse.ts";

export type Instruction =
  | { readonly do: "one"; readonly test: (point: number) => boolean }
  | { readonly do: "assert"; readonly at: Assertion }
  /** Goes on at both places; the first is liked better. */
  | { readonly do: "split"; first: number; second: number }
  | { readonly do: "jump"; to: number }
  | { readonly do: "note"; readonly slot: number }
  | { readonly do: "match" };
export type Program = { readonly steps: readonly Instruction[]; readonly slots: number };

const MOST_STEPS = 4_000;
const KNOWN_POINTS = 4_096;

/** Compiles a pattern. Throws `unprocessable` for one that cannot be used or would be too large. */
export function compileProgram(pattern: string, flags: string): Program {
  const { tree, groups } = parseRegex(pattern);
  const steps: Instruction[] = [];
  const testOf = createTests(pattern, flags);
  const add = <One extends Instruction>(step: One): One => {
    if (steps.length >= MOST_STEPS) throw refuse(pattern, "it is too large; repeat less");
    steps.push(step);
    return step;
  };

  function emit(node: RegexNode): void {
    switch (node.kind) {
      case "atom":
        add({ do: "one", test: testOf(node.source) });
        return;
      case "assert":
        add({ do: "assert", at: node.at });
        return;
      case "sequence":
        for (const part of node.parts) emit(part);
        return;
      case "group":
        add({ do: "note", slot: 2 * node.place });
        emit(node.inner);
        add({ do: "note", slot: 2 * node.place + 1 });
        return;
      case "choice":
        emitChoice(node.options);
        return;
      case "repeat":
        emitRepeat(node);
        return;
      default:
        node satisfies never;
    }
  }
  function emitChoice([option, ...others]: readonly RegexNode[]): void {
    if (!option) return;
    if (others.length === 0) {
      emit(option);
      return;
    }
    const split = add({ do: "split", first: steps.length + 1, second: 0 });
    emit(option);
    const jump = add({ do: "jump", to: 0 });
    split.second = steps.length;
    emitChoice(others);
    jump.to = steps.length;
  }
  function emitRepeat({ inner, least, most, isGreedy }: Extract<RegexNode, { kind: "repeat" }>): void {
    for (let turn = 0; turn < least; turn++) emit(inner);
    const splits: Extract<Instruction, { do: "split" }>[] = [];
    const open = () => splits.push(add({ do: "split", first: steps.length + 1, second: steps.length + 1 }));
    if (most === null) {
      const start = steps.length;
      open();
      emit(inner);
      add({ do: "jump", to: start });
    } else
      for (let turn = least; turn < most; turn++) {
        open();
        emit(inner);
      }
    for (const split of splits) split[isGreedy ? "second" : "first"] = steps.length;
  }

  emit(tree);
  add({ do: "match" });
  return { steps, slots: 2 * (groups + 1) };
}

/** The test of each atom, made once. */
function createTests(pattern: string, flags: string) {
  const tests = new Map<string, (point: number) => boolean>();
  return (source: string) => {
    const test = tests.get(source) ?? compileAtom(pattern, source, flags);
    tests.set(source, test);
    return test;
  };
}

/** Whether a code point is what a class, an escape or a character says; JavaScript itself knows. */
function compileAtom(pattern: string, source: string, flags: string): (point: number) => boolean {
  let native: RegExp;
  try {
    native = new RegExp(`^(?:${source})$`, `u${flags.replace("m", "")}`);
  } catch {
    throw refuse(pattern, `"${source.slice(0, 40)}" is not known`);
  }
  const known = new Int8Array(KNOWN_POINTS);
  return (point) => {
    if (point >= KNOWN_POINTS) return native.test(String.fromCodePoint(point));
    if (known[point] === 0) known[point] = native.test(String.fromCodePoint(point)) ? 1 : -1;
    return known[point] === 1;
  };
}
