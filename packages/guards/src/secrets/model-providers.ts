import type { Pattern } from "../patterns/pattern.ts";
import { isRandom, secret, token } from "./secret.ts";

/** Keys of model providers and of the programs around them. */
export const providerSecrets: readonly Pattern[] = [
  token("anthropic-key", "Anthropic key", { hints: ["sk-ant-"], form: "sk-ant-[\\w-]{20,200}" }),
  token("openrouter-key", "OpenRouter key", { hints: ["sk-or-"], form: "sk-or-v1-[0-9a-f]{64}" }),
  token("langfuse-key", "Langfuse key", {
    hints: ["sk-lf-"],
    form: "sk-lf-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
  }),
  secret("openai-key", "OpenAI key", {
    hints: ["sk-"],
    pattern: /(?<![\w-])sk-(?!ant-)(?:(?:proj|svcacct|admin)-)?[A-Za-z0-9_-]{20,200}(?![\w-])/g,
    isValid: isRandom,
  }),
  token("groq-key", "Groq key", { hints: ["gsk_"], form: "gsk_[A-Za-z0-9]{52}" }),
  token("xai-key", "xAI key", { hints: ["xai-"], form: "xai-[A-Za-z0-9]{80}" }),
  token("perplexity-key", "Perplexity key", { hints: ["pplx-"], form: "pplx-[A-Za-z0-9]{48}" }),
  token("replicate-token", "Replicate token", { hints: ["r8_"], form: "r8_[A-Za-z0-9]{37}" }),
  token("hugging-face-token", "Hugging Face token", {
    hints: ["hf_", "api_org_"],
    form: "(?:hf|api_org)_[A-Za-z0-9]{30,40}",
  }),
  token("langsmith-key", "LangSmith key", { hints: ["lsv2_"], form: "lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}" }),
  token("pinecone-key", "Pinecone key", { hints: ["pcsk_"], form: "pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,70}" }),
  token("treadle-key", "Treadle key", { hints: ["tr_"], form: "tr_[\\w-]{43}" }),
];
