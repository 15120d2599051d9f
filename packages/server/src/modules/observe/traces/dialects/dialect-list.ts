import { genAi } from "./gen-ai.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { logfire } from "./logfire.ts";
import { mastra } from "./mastra.ts";
import { mlflow } from "./mlflow.ts";
import { openInference } from "./openinference.ts";
import { plain } from "./plain.ts";
import type { Dialect } from "./readers/dialect.ts";
import { traceAi } from "./traceai.ts";
import { traceloop } from "./traceloop.ts";
import { vercelAiSdk } from "./vercel-ai-sdk.ts";

/**
 * The first matching dialect reads a span. Dialects with a unique sign precede dialects with common names, and a
 * wrapper precedes the wrapped library. Any span is a plain span.
 */
export const DIALECTS: readonly Dialect[] = [
  langfuse,
  openInference,
  traceAi,
  mlflow,
  langsmith,
  traceloop,
  vercelAiSdk,
  logfire,
  mastra,
  genAi,
  plain,
];
