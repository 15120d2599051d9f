/** Which threads may work: each asks before its first order and says when it has none left. */
export type Turns = {
  /** Whether it may begin now. Where it may not, it is woken when that has changed. */
  begin(): boolean;
  end(): void;
  /** Whether so much waits that all may work, and none rests. */
  isBehind(): boolean;
};

type Options = {
  /** So many may work at a time. */
  readonly most: number;
  /** Whether so much waits that all may. */
  readonly isBehind: () => boolean;
  /** Has every thread ask again. */
  readonly wake: () => void;
};

/** For threads that share cores with one that answers: while little is to be done, a core is left to it, and they work one after another. */
export function createTurns({ most, isBehind, wake }: Options): Turns {
  let working = 0;
  return {
    begin() {
      if (working >= most && !isBehind()) return false;
      working += 1;
      return true;
    },
    end() {
      working -= 1;
      wake();
    },
    isBehind,
  };
}
