/** Which threads may work: each asks before its first order and says when it has none left. */
export type Turns = {
  /** Whether it may begin now. Where it may not, it is woken when that has changed. */
  begin(): boolean;
  end(): void;
  /** Whether it may rest over its work, as others want the core and little is to be done. */
  mayRest(): boolean;
};

type Options = {
  /** So many may work at a time. */
  readonly most: number;
  /** Whether so much waits that all may. */
  readonly isBehind: () => boolean;
  /** Has every thread ask again. */
  readonly wake: () => void;
  /** Whether others are being answered at the time; nobody is when it is left out. */
  readonly areOthersAnswered?: () => boolean;
};

/** For threads that share cores with one that answers: while little is to be done, a core is left to it, and they work one after another. */
export function createTurns({ most, isBehind, wake, areOthersAnswered = () => false }: Options): Turns {
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
    mayRest: () => !isBehind() && areOthersAnswered(),
  };
}
