import type { CallFacts } from "./detector.ts";

type Reads = {
  readonly keyId: string | null;
  readonly systemPrompt: () => string;
  readonly sources: () => readonly string[];
};
type Own = Reads & { known: { systemPrompt?: string; sources?: readonly string[] } };

/** The getters are shared by all calls: an object with getters of its own would cost each call a shape in memory. */
const LAZY = {
  reads: undefined as unknown as Own,
  isAnswer: false,
  get keyId(): string | null {
    return this.reads.keyId;
  },
  get systemPrompt(): string {
    this.reads.known.systemPrompt ??= this.reads.systemPrompt();
    return this.reads.known.systemPrompt;
  },
  get sources(): readonly string[] {
    this.reads.known.sources ??= this.reads.sources();
    return this.reads.known.sources;
  },
};

/** Facts of a call that are read once, when a detector wants them. Most policies ask for nothing. */
export function lazyFacts(reads: Reads): CallFacts {
  const facts: typeof LAZY = Object.create(LAZY);
  facts.reads = { ...reads, known: {} };
  return facts;
}
