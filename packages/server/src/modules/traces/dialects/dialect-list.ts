import type { Dialect } from "./dialect.ts";
import { genAi } from "./gen-ai.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { logfire } from "./logfire.ts";
import { mastra } from "./mastra.ts";
import { mlflow } from "./mlflow.ts";
import { openInference } from "./openinference.ts";
import { plain } from "./plain.ts";
import { traceloop } from "./traceloop.ts";
import { vercelAiSdk } from "./vercel-ai-sdk.ts";

/**
 * The first that knows a span reads it. Those with a sign of their own come before those whose names others use too, a wrapper before
 * what it wraps, and any span is a plain one.
 */
export const DIALECTS: readonly Dialect[] = [
  langfuse,
  openInference,
  mlflow,
  langsmith,
  traceloop,
  vercelAiSdk,
  logfire,
  mastra,
  genAi,
  plain,
];
