import type { LlamaContext, LlamaContextSequence, Token } from "node-llama-cpp";

/** A prompt is read in pieces of this many tokens from its beginning, between which a cancelled request is noticed. */
export const PROMPT_PIECE_TOKENS = 64;

type Slot = {
  readonly sequence: LlamaContextSequence;
  caller: string | undefined;
  isBusy: boolean;
  /** How many tokens from the beginning were read in whole pieces. */
  whole: number;
};
type Wish = {
  readonly tokens: readonly Token[];
  readonly caller: string | undefined;
  /** False evaluates the whole prompt again. */
  readonly mayReuse: boolean;
};
export type Taken = {
  readonly sequence: LlamaContextSequence;
  /** How many tokens of the prompt the sequence already holds, in whole pieces; always less than all of them. */
  readonly held: number;
  /** To be called when the tokens before `end` were all read in whole pieces. */
  noteWhole(end: number): void;
  giveBack(): void;
};

/**
 * The sequences of one context. A sequence remembers its last prompt, and a caller who sends a longer one continues it.
 */
export function createSequences(context: LlamaContext) {
  const slots: Slot[] = Array.from({ length: context.totalSequences }, () => ({
    sequence: context.getSequence(),
    caller: undefined,
    isBusy: false,
    whole: 0,
  }));
  const waiting: ((slot: Slot) => void)[] = [];

  function release(slot: Slot) {
    const next = waiting.shift();
    if (next) next(slot);
    else slot.isBusy = false;
  }
  async function freeSlot(wish: Wish): Promise<Slot> {
    const free = slots.filter((slot) => !slot.isBusy);
    const best = free.toSorted((a, b) => heldBy(b, wish) - heldBy(a, wish))[0];
    if (!best) return new Promise((resolve) => waiting.push(resolve));
    best.isBusy = true;
    return best;
  }

  return {
    /** No earlier prompt is continued. */
    forget() {
      for (const slot of slots) slot.whole = 0;
    },
    /** Waits for a free sequence and prepares it for the prompt. */
    async take(wish: Wish): Promise<Taken> {
      const slot = await freeSlot(wish);
      try {
        const { sequence } = slot;
        const reusedTokens = heldBy(slot, wish);
        slot.caller = wish.caller;
        slot.whole = reusedTokens;
        if (reusedTokens < sequence.nextTokenIndex)
          await sequence.eraseContextTokenRanges([{ start: reusedTokens, end: sequence.nextTokenIndex }]);
        const noteWhole = (end: number) => {
          slot.whole = end;
        };
        return { sequence, held: reusedTokens, noteWhole, giveBack: () => release(slot) };
      } catch (error) {
        release(slot);
        throw error;
      }
    },
  };
}
export type Sequences = ReturnType<typeof createSequences>;

/**
 * Only a caller's own prompts are continued, because response times must not reveal other prompts. Only whole batches
 * of them are reused: the last digits of a token's value depend on the tokens computed with it, so at temperature 0 an
 * answer would depend on earlier requests.
 */
function heldBy({ sequence, caller, whole }: Slot, wish: Wish) {
  if (!wish.mayReuse || caller !== wish.caller) return 0;
  const { firstDifferentIndex } = sequence.compareContextTokens([...wish.tokens]);
  const same = Math.min(firstDifferentIndex, wish.tokens.length - 1, whole);
  return same - (same % PROMPT_PIECE_TOKENS);
}
