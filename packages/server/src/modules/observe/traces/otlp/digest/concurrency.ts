/** Limits the working threads: each asks before its first order and reports when it has none left. */
export type ConcurrencyLimit = {
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
  /** Whether other callers are being answered. By default, none are. */
  readonly areOthersAnswered?: () => boolean;
};

/**
 * For threads that share cores with the main thread: at low load, one core is free, and the threads work one after
 * another.
 */
export function createConcurrencyLimit({
  most,
  isBehind,
  wake,
  areOthersAnswered = () => false,
}: Options): ConcurrencyLimit {
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
