import type { RenderedPrompt, UsablePrompt } from "@treadle/contract";
import { ApiError, createClient } from "../client.ts";
import { createStaleCache, type Loaded } from "./stale-cache.ts";
import { type Fallback, fallbackPrompt, type Inputs, type StoredPrompt, storedPrompt } from "./stored-prompt.ts";

/** Which version: the one a label names, or one by its number; the label `production` when neither is given. */
export type PromptChoice = { readonly label?: string; readonly version?: number };
export type GetOptions = PromptChoice & {
  /** The fallback if the prompt was never loaded and the server is unavailable. */
  readonly fallback?: Fallback;
};

export type PromptsOptions = {
  /** Where the server is, such as `http://127.0.0.1:4747`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** How long a prompt is given without asking whether it is still the one; a minute when unset. */
  readonly freshMs?: number;
  /** How long the server may take to answer; five seconds when unset. */
  readonly timeoutMs?: number;
  /** Told, at most once a minute for each prompt, that an old one or a fallback is given since the server is away. Writes a warning when unset. */
  readonly onProblem?: (message: string) => void;
  readonly fetch?: typeof fetch;
  /** Milliseconds, as `Date.now`. */
  readonly now?: () => number;
};

const MOST_PROMPTS = 1_000;
const FRESH_MS = 60_000;
const TIMEOUT_MS = 5_000;
const PROBLEM_MS = 60_000;
const NOT_MODIFIED = 304;
/** Parts the name of a prompt, which has none in it, from the choice of a version. */
const SEPARATOR = "\n";

/**
 * Stored prompts with an in-memory cache. A cached prompt is returned immediately, even if it is stale, and refreshed
 * in the background. When the server is unavailable, the program continues with cached prompts.
 */
export function createPrompts(options: PromptsOptions) {
  const { baseUrl, apiKey, freshMs = FRESH_MS, timeoutMs = TIMEOUT_MS, now = Date.now } = options;
  const client = createClient({ baseUrl, apiKey, ...(options.fetch && { fetch: options.fetch }) });
  const reportProblem = createTeller(options.onProblem ?? ((message) => console.warn(message)), now);
  const cache = createStaleCache<StoredPrompt>({
    load,
    freshFor: (key, prompt) => (isForGood(key, prompt) ? Number.POSITIVE_INFINITY : freshMs),
    onStale: (key, error) => reportProblem(key, `is given as it was last seen: ${reasonOf(error)}`),
    maxEntries: MOST_PROMPTS,
    now,
  });

  async function load(key: string, etag: string | null): Promise<Loaded<StoredPrompt>> {
    const { name, ...query } = fromKey(key);
    const headers: Readonly<Record<string, string>> = etag === null ? {} : { "if-none-match": etag };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await client.send("GET /api/v1/prompts/:name", { params: { name }, query, headers, signal });
      // The server answers by the contract that this type comes from.
      const prompt = (await response.json()) as UsablePrompt;
      return { kind: "new", value: storedPrompt(prompt), etag: response.headers.get("etag") };
    } catch (error) {
      if (etag !== null && error instanceof ApiError && error.status === NOT_MODIFIED) return { kind: "same" };
      throw error;
    }
  }

  async function getMissing(key: string, name: string, fallback: Fallback | undefined): Promise<StoredPrompt> {
    try {
      return await cache.load(key);
    } catch (error) {
      if (!fallback) throw error;
      reportProblem(key, `is not loaded, and its fallback is given: ${reasonOf(error)}`);
      return cache.keepFallback(key, fallbackPrompt(name, fallback));
    }
  }

  return {
    /**
     * Returns a prompt, immediately if it was loaded before. Throws an `ApiError` if it was not, the server does not
     * return it, and there is no fallback.
     */
    async get(name: string, { fallback, ...choice }: GetOptions = {}): Promise<StoredPrompt> {
      const key = toKey(name, choice);
      const known = cache.peek(key);
      if (known && (!known.isFallback || fallback)) return known;
      return getMissing(key, name, fallback);
    },
    /** What is in memory, without waiting and without loading what is not there. */
    peek: (name: string, choice: PromptChoice = {}): StoredPrompt | undefined => cache.peek(toKey(name, choice)),
    /**
     * Loads the prompt from the server now. Use it when a program starts, or after a notification that a label has
     * moved.
     */
    refresh: (name: string, choice: PromptChoice = {}): Promise<StoredPrompt> => cache.refresh(toKey(name, choice)),
    /** Has the server put the inputs in: for Liquid and Jinja, and to check inputs by the whole schema. */
    render: (
      name: string,
      { inputs = {}, ...choice }: PromptChoice & { inputs?: Inputs } = {},
    ): Promise<RenderedPrompt> =>
      client.call("POST /api/v1/prompts/:name/render", {
        params: { name },
        body: { ...choice, inputs: { ...inputs } },
        signal: AbortSignal.timeout(timeoutMs),
      }),
    /** Forgets everything that was loaded. */
    clear: () => cache.clear(),
  };
}
export type Prompts = ReturnType<typeof createPrompts>;

const toKey = (name: string, { label, version }: PromptChoice) =>
  name + SEPARATOR + (version === undefined ? `@${label ?? "production"}` : version);

function fromKey(key: string): { name: string } & PromptChoice {
  const at = key.lastIndexOf(SEPARATOR);
  const [name, choice] = [key.slice(0, at), key.slice(at + 1)];
  return choice.startsWith("@") ? { name, label: choice.slice(1) } : { name, version: Number(choice) };
}

/** A version never changes, but what it includes by a label may. */
const isForGood = (key: string, { included, isFallback }: StoredPrompt) =>
  "version" in fromKey(key) && !isFallback && Object.keys(included).every((include) => /@\d+$/.test(include));

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Says the same of one prompt once a minute at most. */
function createTeller(onProblem: (message: string) => void, now: () => number) {
  const reportedAt = new Map<string, number>();
  return (key: string, what: string) => {
    if ((reportedAt.get(key) ?? Number.NEGATIVE_INFINITY) > now() - PROBLEM_MS) return;
    if (reportedAt.size > MOST_PROMPTS) reportedAt.clear();
    reportedAt.set(key, now());
    onProblem(`treadle: the prompt "${fromKey(key).name}" ${what}`);
  };
}
