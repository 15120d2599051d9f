import type { ActiveSpan, SpanUpdate } from "./active-span.ts";
import type { Collector, Fields } from "./openai-answers.ts";
import { isFields } from "./openai-answers.ts";
import type { Tracing } from "./tracing.ts";

export type Call = { readonly model: string; readonly update: SpanUpdate };
/** Reads a request's body before it is sent. */
export type Recorder = (body: Fields) => Call & { collect(): Collector };
type Method = {
  readonly operation: string;
  readonly kind: "generation" | "embedding";
  readonly recorder: Recorder;
};
type Methods = Readonly<Record<string, Method>>;
type AnyFunction = (...args: unknown[]) => unknown;

/**
 * A client that is the same but for some of its methods, given by their path. Both vendors' clients answer with a promise
 * that reads the body only when it is awaited and that can give the raw response instead; that stays so.
 */
export function wrapMethods<Client extends object>(tracing: Tracing, client: Client, methods: Methods): Client {
  const isOurs = "baseURL" in client && isSameOrigin(client.baseURL, tracing.origin);
  const wrapAt = <Target extends object>(target: Target, path: string): Target =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name, object);
        if (typeof name !== "string") return value;
        const inner = path === "" ? name : `${path}.${name}`;
        const method = methods[inner];
        if (method && typeof value === "function") {
          const original = value.bind(object) as AnyFunction;
          return isOurs ? joinTrace(tracing, original) : record(tracing, original, method);
        }
        const leadsOn = Object.keys(methods).some((one) => one.startsWith(`${inner}.`));
        if (leadsOn && typeof value === "object" && value !== null) return wrapAt(value, inner);
        return typeof value === "function" ? value.bind(object) : value;
      },
    });
  return wrapAt(client, "");
}

function isSameOrigin(url: unknown, origin: string): boolean {
  return typeof url === "string" && URL.canParse(url) && new URL(url).origin === origin;
}

/** Sends the trace's headers along; what the caller set itself wins. */
const joinTrace =
  (tracing: Tracing, original: AnyFunction): AnyFunction =>
  (body, given, ...rest) => {
    const options = isFields(given) ? given : {};
    const headers = isFields(options.headers) ? options.headers : {};
    return original(body, { ...options, headers: { ...tracing.headers(), ...headers } }, ...rest);
  };

function record(tracing: Tracing, original: AnyFunction, { operation, kind, recorder }: Method): AnyFunction {
  return (body, ...rest) => {
    const { model, update, collect } = recorder(isFields(body) ? body : {});
    const span = tracing.startSpan({ ...update, name: `${operation} ${model}`, kind, requestModel: model });
    const startedAt = performance.now();
    const observe = (answer: Promise<unknown>) => watch(span, answer, { collector: collect(), startedAt });
    try {
      const answer = original(body, ...rest);
      if (answer instanceof Promise) return lazily(answer, observe, span);
      observe(finalOf(answer));
      return answer;
    } catch (error) {
      span.fail(error);
      span.end();
      throw error;
    }
  };
}

/** The streaming helpers read by themselves and promise the whole answer under one of these names. */
const FINAL = ["finalChatCompletion", "finalResponse", "finalMessage"];

function finalOf(answer: unknown): Promise<unknown> {
  const name = isFields(answer) ? FINAL.find((one) => typeof answer[one] === "function") : undefined;
  const final: unknown = isFields(answer) && name ? (answer[name] as AnyFunction)() : answer;
  return final instanceof Promise ? final : Promise.resolve(final);
}

/** Looks at the answer when, and only when, the caller does. */
function lazily(answer: Promise<unknown>, observe: (answer: Promise<unknown>) => void, span: ActiveSpan): unknown {
  let isObserved = false;
  const start = () => {
    if (!isObserved) observe(answer);
    isObserved = true;
  };
  return new Proxy(answer, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const method = value.bind(target) as AnyFunction;
      if (name === "then" || name === "catch" || name === "finally" || name === "withResponse" || name === "parse")
        return (...args: unknown[]) => {
          start();
          return method(...args);
        };
      if (name === "asResponse")
        return (...args: unknown[]) => {
          isObserved = true;
          return (method(...args) as Promise<unknown>).finally(() => span.end());
        };
      return method;
    },
  });
}

type Watching = { readonly collector: Collector; readonly startedAt: number };

function watch(span: ActiveSpan, answer: Promise<unknown>, { collector, startedAt }: Watching): void {
  answer.then(
    (result) => {
      if (isStream(result)) return tapStream(span, result, { collector, startedAt });
      span.update(collector.finish(result));
      span.end();
    },
    (error: unknown) => {
      span.fail(error);
      span.end();
    },
  );
}

type Stream = object & { [Symbol.asyncIterator](): AsyncIterator<unknown> };
const isStream = (value: unknown): value is Stream =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Passes the stream through to the reader, and ends the span when the reader stops. */
function tapStream(span: ActiveSpan, stream: Stream, { collector, startedAt }: Watching): void {
  // `tee` and `toReadableStream` of these clients start from `iterator`, which opens the stream, as does the loop.
  const opener: unknown = Reflect.get(stream, "iterator");
  const open = (typeof opener === "function" ? opener : stream[Symbol.asyncIterator]).bind(stream);
  const finish = () => {
    span.update(collector.finish());
    span.end();
  };
  async function* read(): AsyncGenerator<unknown> {
    let isFirst = true;
    try {
      for await (const piece of { [Symbol.asyncIterator]: open }) {
        if (isFirst) span.update({ timeToFirstTokenMs: performance.now() - startedAt });
        isFirst = false;
        collector.add(piece);
        yield piece;
      }
    } catch (error) {
      span.fail(error);
      throw error;
    } finally {
      finish();
    }
  }
  for (const name of [Symbol.asyncIterator, "iterator"])
    if (name in stream) Object.defineProperty(stream, name, { value: read, configurable: true });
}
