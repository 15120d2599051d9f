/** The model names of each family. A judge prefers texts of its own family. */
const FAMILIES: Readonly<Record<string, RegExp>> = {
  gpt: /^(?:chat)?gpt|^o\d|^davinci|^text-embedding/,
  claude: /^claude/,
  google: /^gem(?:ini|ma)/,
  llama: /^(?:meta-)?llama|^codellama/,
  mistral: /^(?:open-)?(?:mi[sx]tral|ministral|magistral|codestral|devstral|pixtral)/,
  qwen: /^q(?:wen|wq|vq)/,
  deepseek: /^deepseek/,
};

/** The family of a model by its name, such as `claude` of `anthropic/claude-sonnet-4-5`; the first word of a name that is not known. */
export function familyOf(model: string): string {
  const own = model.toLowerCase().split("/").at(-1)?.split(":")[0] ?? "";
  const name = own.replace(/^(?:[a-z]+\.)+(?=[a-z])/, "");
  const known = Object.entries(FAMILIES).find(([, pattern]) => pattern.test(name));
  return known?.[0] ?? /^[a-z]+/.exec(name)?.[0] ?? name;
}

/** Null where the model that answered is not known. */
export const isSameFamily = (judge: string, candidate: string | undefined): boolean | null =>
  candidate === undefined ? null : familyOf(judge) === familyOf(candidate);
