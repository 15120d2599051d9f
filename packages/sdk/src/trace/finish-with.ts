import type { ActiveSpan } from "./active-span.ts";
import { currentContext, runIn } from "./context.ts";

type Settle = (output: unknown) => void;

/** Runs a function and ends the span with it: when it returns, when its promise settles, or when its stream has been read. */
export function finishWith<Result>(span: ActiveSpan, run: () => Result, settle?: Settle): Result {
  let result: Result;
  try {
    result = run();
  } catch (error) {
    span.fail(error);
    span.end();
    throw error;
  }
  if (result instanceof Promise) return endAfter(span, result, settle) as Result;
  if (isGenerator(result)) return endAfterStream(span, result, settle) as Result;
  settle?.(result);
  span.end();
  return result;
}

async function endAfter(span: ActiveSpan, promise: Promise<unknown>, settle?: Settle): Promise<unknown> {
  try {
    const result = await promise;
    if (isGenerator(result)) return endAfterStream(span, result, settle);
    settle?.(result);
    span.end();
    return result;
  } catch (error) {
    span.fail(error);
    span.end();
    throw error;
  }
}

/** A generator of one's own code. Streams of other kinds are handed on untouched: wrapping them would hide what they are. */
const isGenerator = (value: unknown): value is AsyncGenerator<unknown> =>
  typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object AsyncGenerator]";

/** What a stream gives is remembered up to this many pieces. */
const MOST_PIECES = 10_000;

async function* endAfterStream(
  span: ActiveSpan,
  stream: AsyncGenerator<unknown>,
  settle?: Settle,
): AsyncGenerator<unknown> {
  const context = { ...currentContext(), span };
  const pieces: unknown[] = [];
  try {
    for (;;) {
      // Each step runs where the span is open, wherever the reader stands.
      const { done, value } = await runIn(context, () => stream.next());
      if (done) return value;
      if (pieces.length < MOST_PIECES) pieces.push(value);
      yield value;
    }
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    await stream.return(undefined);
    settle?.(pieces.every((piece) => typeof piece === "string") ? pieces.join("") : pieces);
    span.end();
  }
}
