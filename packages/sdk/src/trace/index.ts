export type { ActiveSpan, SpanUpdate } from "./active-span.ts";
export type { Labels } from "./labels.ts";
export {
  createTracing,
  type ObserveOptions,
  type SpanKind,
  type SpanOptions,
  type Tracing,
  type TracingOptions,
} from "./tracing.ts";
export { wrapAnthropic } from "./wrap-anthropic.ts";
export { wrapOpenAI } from "./wrap-openai.ts";
