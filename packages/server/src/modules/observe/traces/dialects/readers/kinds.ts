import type { Span } from "@treadle/contract";

export type SpanKind = Span["kind"];

/** The words that senders have for what a span did. */
const WORDS: Readonly<Record<SpanKind, readonly string[]>> = {
  generation: [
    "llm",
    "chat",
    "chat_model",
    "completion",
    "text_completion",
    "generate_content",
    "generation",
    "model_inference",
  ],
  embedding: ["embedding", "embeddings"],
  retrieval: ["retriever", "retrieval", "retrieve", "vector_db"],
  rerank: ["reranker", "rerank"],
  tool: ["tool", "execute_tool", "tool_call", "mcp_tool_call"],
  agent: ["agent", "invoke_agent", "create_agent", "agent_run", "plan", "a2a_client", "a2a_server"],
  chain: [
    ...["chain", "workflow", "task", "prompt", "parser", "memory", "agent_step", "invoke_workflow"],
    ...["model_generation", "model_step", "workflow_run", "workflow_step", "decision"],
    ...["conversation", "execute_event_loop_cycle"],
  ],
  guardrail: ["guardrail"],
  evaluator: ["evaluator", "evaluate"],
  span: ["span", "event", "model_chunk", "unknown"],
};
const KINDS: ReadonlyMap<string, SpanKind> = new Map(
  (Object.keys(WORDS) as SpanKind[]).flatMap((kind) => WORDS[kind].map((word) => [word, kind] as const)),
);

/** The kind for a word. Undefined for an unknown word. */
export const kindOf = (word: string): SpanKind | undefined => KINDS.get(word.toLowerCase());

/** Whether the tokens of such a span are its own. Agents and chains repeat the totals of their children. */
export const callsModel = (kind: SpanKind | undefined): boolean =>
  kind === "generation" || kind === "embedding" || kind === "rerank";
