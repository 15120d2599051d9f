/** A model as the sample traffic knows it: list prices in US dollars per million tokens, and typical speeds. */
export type SampleModel = {
  readonly provider: string;
  readonly connection: string;
  readonly requestModel: string;
  readonly responseModel: string;
  readonly inputPrice: number;
  readonly cachedInputPrice: number;
  readonly outputPrice: number;
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
};

export const gpt: SampleModel = {
  provider: "openai",
  connection: "openai",
  requestModel: "gpt-4.1",
  responseModel: "gpt-4.1-2025-04-14",
  inputPrice: 2,
  cachedInputPrice: 0.5,
  outputPrice: 8,
  firstTokenMs: 520,
  tokensPerSecond: 85,
};

export const gptMini: SampleModel = {
  provider: "openai",
  connection: "openai",
  requestModel: "gpt-4.1-mini",
  responseModel: "gpt-4.1-mini-2025-04-14",
  inputPrice: 0.4,
  cachedInputPrice: 0.1,
  outputPrice: 1.6,
  firstTokenMs: 380,
  tokensPerSecond: 95,
};

export const sonnet: SampleModel = {
  provider: "anthropic",
  connection: "anthropic",
  requestModel: "claude-sonnet-4-5",
  responseModel: "claude-sonnet-4-5-20250929",
  inputPrice: 3,
  cachedInputPrice: 0.3,
  outputPrice: 15,
  firstTokenMs: 900,
  tokensPerSecond: 62,
};

export const haiku: SampleModel = {
  provider: "anthropic",
  connection: "anthropic",
  requestModel: "claude-haiku-4-5",
  responseModel: "claude-haiku-4-5-20251001",
  inputPrice: 1,
  cachedInputPrice: 0.1,
  outputPrice: 5,
  firstTokenMs: 430,
  tokensPerSecond: 130,
};

export const flash: SampleModel = {
  provider: "gemini",
  connection: "gemini",
  requestModel: "gemini-2.5-flash",
  responseModel: "gemini-2.5-flash",
  inputPrice: 0.3,
  cachedInputPrice: 0.075,
  outputPrice: 2.5,
  firstTokenMs: 410,
  tokensPerSecond: 160,
};

/** Runs on the machine, so a call costs nothing. */
export const smollm: SampleModel = {
  provider: "local",
  connection: "local",
  requestModel: "smollm2-135m-instruct",
  responseModel: "smollm2-135m-instruct",
  inputPrice: 0,
  cachedInputPrice: 0,
  outputPrice: 0,
  firstTokenMs: 140,
  tokensPerSecond: 48,
};

export const embedding: SampleModel = {
  provider: "openai",
  connection: "openai",
  requestModel: "text-embedding-3-small",
  responseModel: "text-embedding-3-small",
  inputPrice: 0.02,
  cachedInputPrice: 0.02,
  outputPrice: 0,
  firstTokenMs: 0,
  tokensPerSecond: 1_000,
};
