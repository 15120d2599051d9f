import type { Span } from "../text/sentences.ts";
import type { Atom } from "./atoms.ts";

/** Places of atoms: those before `from` are repeated from the chunk before; `to` is exclusive. */
export type Pack = { readonly start: number; readonly from: number; readonly to: number };

export type Packing = {
  readonly target: number;
  /** The size up to which a table with its caption stays whole. */
  readonly wholeUpTo: number;
  /** Most tokens that are repeated. */
  readonly overlap: number;
  /** Whether a span can be embedded, by a real count. */
  readonly fits: (span: Span, first: Atom) => boolean;
};

/** A chunk below this share of the target is filled up with sentences of the next block. */
const LEAST_FILL = 0.5;
/** A rest below this share of the target joins the chunk before it. */
const RUNT_SHARE = 0.15;

/**
 * Packs atoms into chunks. A chunk prefers to end with a block, a table stays whole where it fits, and nothing ends with a heading, a
 * caption before its table or a table header.
 */
export function packAtoms(atoms: readonly Atom[], packing: Packing): readonly Pack[] {
  const sums = [0];
  for (const { tokens } of atoms) sums.push((sums.at(-1) ?? 0) + tokens);
  const state: Packed = {
    atoms,
    packing,
    groups: tableGroups(atoms),
    sum: (from, to) => (sums[to] ?? 0) - (sums[from] ?? 0),
  };
  const packs: Pack[] = [];
  for (let from = 0; from < atoms.length; from = packs.at(-1)?.to ?? atoms.length)
    packs.push(verified(nextPack(overlapStart(from, packs.at(-1), state), from, state), state));
  return packs;
}

type Packed = {
  readonly atoms: readonly Atom[];
  readonly packing: Packing;
  readonly groups: ReadonlyMap<number, Span>;
  readonly sum: (from: number, to: number) => number;
};

function nextPack(start: number, from: number, state: Packed): Pack {
  const { atoms, packing, sum } = state;
  const whole = wholeTableAfter(from, state);
  if (whole !== null) return { start: from, from, to: whole };
  const limit = packing.target * (1 + RUNT_SHARE);
  if (sum(start, atoms.length) <= limit) return { start, from, to: atoms.length };
  let to = from + 1;
  if (sum(start, to) > packing.target) return { start: from, from, to: unglued(from, to, state) };
  while (to < atoms.length && sum(start, to + 1) <= packing.target) to += 1;
  const cut = tableCut(to, from, state);
  return { start, from, to: unglued(from, cut ?? blockEnd({ start, from, to }, state), state) };
}

/** The end of the table group that starts at an atom and fits, or null. */
function wholeTableAfter(from: number, { groups, packing, sum }: Packed): number | null {
  const group = groups.get(from);
  return group?.start === from && sum(from, group.end) <= packing.wholeUpTo ? group.end : null;
}

/** Where a chunk from `from` ends so that the table that `to` would cut stays whole, or null where none is cut or it cannot. */
function tableCut(to: number, from: number, { groups, packing, sum }: Packed): number | null {
  const group = groups.get(to);
  if (group === undefined || group.start >= to || group.start <= from) return null;
  if (sum(group.start, group.end) > packing.wholeUpTo) return null;
  // A little text before the table goes with it where both fit.
  const isLittle = sum(from, group.start) < packing.target * LEAST_FILL;
  return isLittle && sum(from, group.end) <= packing.wholeUpTo ? group.end : group.start;
}

/** By atom: its table with what is glued before it, such as headings and captions, and with a caption right after it. */
function tableGroups(atoms: readonly Atom[]): ReadonlyMap<number, Span> {
  const groups = new Map<number, Span>();
  for (let place = 0; place < atoms.length; place += 1) {
    if (atoms[place]?.kind !== "table") continue;
    let start = place;
    while (start > 0 && atoms[start - 1]?.isGlued && !groups.has(start - 1)) start -= 1;
    let end = endOfBlock(place, atoms);
    if (atoms[end]?.kind === "caption" && !atoms[end]?.isGlued) end = endOfBlock(end, atoms);
    for (let member = start; member < end; member += 1) groups.set(member, { start, end });
    place = end - 1;
  }
  return groups;
}

function endOfBlock(place: number, atoms: readonly Atom[]): number {
  let end = place;
  while (end < atoms.length && atoms[end]?.block === atoms[place]?.block) end += 1;
  return end;
}

/** The last end of a block with which the chunk is not too small; else the end of an atom. */
function blockEnd({ start, from, to }: Pack, { atoms, packing, sum }: Packed): number {
  if (to === atoms.length) return to;
  for (let end = to; end > from && sum(start, end) >= packing.target * LEAST_FILL; end -= 1)
    if (atoms[end - 1]?.block !== atoms[end]?.block && !atoms[end - 1]?.isGlued) return end;
  return to;
}

/** Moves an end before atoms that must not be last; where nothing would be left, it moves after the atom that follows them. */
function unglued(from: number, to: number, { atoms }: Packed): number {
  if (to === atoms.length) return to;
  let end = to;
  while (end > from && atoms[end - 1]?.isGlued) end -= 1;
  if (end > from) return end;
  end = to;
  while (end < atoms.length && atoms[end - 1]?.isGlued) end += 1;
  return end;
}

/** The first atom to repeat before an atom; the atom itself where nothing is repeated. */
function overlapStart(from: number, before: Pack | undefined, { atoms, packing, sum }: Packed): number {
  if (before === undefined || !atoms[from]?.isProse) return from;
  let start = from;
  while (start - 1 > before.start && atoms[start - 1]?.isProse && sum(start - 1, from) <= packing.overlap) start -= 1;
  return start;
}

/** A pack that fits by a real count: first it repeats nothing, then it loses atoms from its end. */
function verified(pack: Pack, { atoms, packing }: Packed): Pack {
  const fits = (start: number, to: number) => {
    const [first, last] = [atoms[start], atoms[to - 1]];
    return first === undefined || last === undefined || packing.fits({ start: first.start, end: last.end }, first);
  };
  if (fits(pack.start, pack.to)) return pack;
  let { to } = pack;
  while (to > pack.from + 1 && !fits(pack.from, to)) to -= 1;
  return { start: pack.from, from: pack.from, to };
}
