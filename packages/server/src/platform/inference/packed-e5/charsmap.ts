/** How text is normalised before it becomes tokens: a code point and what replaces it, which can be nothing. */
export type Replacement = { readonly codePoint: number; readonly by: string };

/** Bits of a unit in a double array: https://github.com/s-yata/darts-clone */
const IS_LEAF_PARENT = 1 << 8;
const BASE_SHIFT = 10;
const IS_VALUE = 0x8000_0000;
const BLOCK = 256;

type Node = { readonly children: Map<number, Node>; value: number | null };

/**
 * A `precompiled_charsmap` as SentencePiece and llama.cpp read it: the bytes of a double array, that array, which leads from the UTF-8 of
 * a code point to an offset, and the replacements, each with a 0 at its end, that offsets point into.
 */
export function buildCharsmap(replacements: readonly Replacement[]): Uint8Array {
  const { root, texts } = trieOf(replacements);
  const units = doubleArrayOf(root);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(units.length * 4);
  return Buffer.concat([size, Buffer.from(units.buffer, units.byteOffset, units.byteLength), texts]);
}

function trieOf(replacements: readonly Replacement[]) {
  const root: Node = { children: new Map(), value: null };
  const offsets = new Map<string, number>();
  const texts: Buffer[] = [];
  let length = 0;
  for (const { codePoint, by } of replacements) {
    let offset = offsets.get(by);
    if (offset === undefined) {
      const bytes = Buffer.from(`${by}\0`);
      offset = length;
      offsets.set(by, offset);
      texts.push(bytes);
      length += bytes.length;
    }
    let node = root;
    for (const byte of Buffer.from(String.fromCodePoint(codePoint))) {
      const child = node.children.get(byte) ?? { children: new Map(), value: null };
      node.children.set(byte, child);
      node = child;
    }
    node.value = offset;
  }
  return { root, texts: Buffer.concat(texts) };
}

/** A child by byte `b` of a node with base `n` is at `n ^ b`, and the value of the node is at `n`. */
function doubleArrayOf(root: Node): Uint32Array {
  const units: number[] = [0];
  const isTaken: boolean[] = [true];
  const bases = new Set<number>();
  const waiting: { readonly node: Node; readonly at: number }[] = [{ node: root, at: 0 }];
  let lowest = 1;
  for (const { node, at } of waiting) {
    const labels = [...(node.value === null ? [] : [0]), ...node.children.keys()];
    while (isTaken[lowest]) lowest++;
    const base = findBase(labels, { isTaken, bases, lowest });
    bases.add(base);
    units[at] = ((units[at] ?? 0) | ((base ^ at) << BASE_SHIFT) | (node.value === null ? 0 : IS_LEAF_PARENT)) >>> 0;
    if (node.value !== null) {
      isTaken[base] = true;
      units[base] = (node.value | IS_VALUE) >>> 0;
    }
    for (const [byte, child] of node.children) {
      isTaken[base ^ byte] = true;
      units[base ^ byte] = byte;
      waiting.push({ node: child, at: base ^ byte });
    }
  }
  // A reader looks at `base ^ byte` of any byte, so the last block is whole.
  return Uint32Array.from({ length: Math.ceil(units.length / BLOCK) * BLOCK }, (_, index) => units[index] ?? 0);
}

type Room = { readonly isTaken: readonly boolean[]; readonly bases: ReadonlySet<number>; readonly lowest: number };

/** The first base with free places for all labels. Each base belongs to one node, since units store no parent. */
function findBase(labels: readonly number[], { isTaken, bases, lowest }: Room): number {
  const [first = 0] = labels;
  for (let place = lowest; ; place++) {
    const base = place ^ first;
    if (!bases.has(base) && labels.every((label) => !isTaken[base ^ label])) return base;
  }
}
