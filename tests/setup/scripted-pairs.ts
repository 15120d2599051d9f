type Message = { readonly role: string; readonly content: unknown };

/**
 * The response of a judge of pairs. It prefers the shorter answer, but for about every fifth question the first one,
 * and for about every seventh the longer one, so that the results show a position bias and noise.
 */
export function judgePair(messages: readonly Message[]): string {
  const [told, material] = messages.map(({ content }) => String(content));
  const mark = /Its "id" must be "([0-9a-f]+)"/.exec(told ?? "")?.[1];
  const parts = [...(material ?? "").matchAll(/<<<([A-Z ]+) [0-9a-f]+>>>\n([\s\S]*?)\n<<<END/g)];
  const textOf = (name: string) => parts.find(([, known]) => known === name)?.[2] ?? "";
  const lot = [...textOf("QUESTION")].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973, 7);
  const isShorter = textOf("ANSWER A").length <= textOf("ANSWER B").length;
  const better = lot % 5 === 0 ? "A" : isShorter === (lot % 7 !== 0) ? "A" : "B";
  return JSON.stringify({ id: mark, reason: `${better} comes to the point.`, better });
}
