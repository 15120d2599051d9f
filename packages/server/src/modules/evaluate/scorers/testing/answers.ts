import type { ChatRequest } from "@treadle/contract";

/** The mark that a judge must repeat. */
export const markIn = ({ messages }: ChatRequest) =>
  /Its "id" must be "([0-9a-f]+)"/.exec(String(messages[0]?.content))?.[1];

/** The response of an obedient judge. */
export const judged = (request: ChatRequest, fields: object) => JSON.stringify({ id: markIn(request), ...fields });

/** The material that a judge was given, by the words above it. */
export function partsOf({ messages }: ChatRequest): Record<string, string> {
  const text = String(messages[1]?.content);
  const found = text.matchAll(/<<<([A-Z ]+) [0-9a-f]+>>>\n([\s\S]*?)\n<<<END [0-9a-f]+>>>/g);
  return Object.fromEntries([...found].map(([, name, part]) => [name, part]));
}
