import type { Span } from "../finding.ts";

export type Address = Span & { readonly isImage: boolean };

/** What a browser or a chat window loads without a click. */
const LOADED =
  /!\[[^[\]\n]{0,500}\]\(\s{0,4}<?(?<markdown>[^\s)<>"']{1,2048})|<(?:img|iframe|source|video|audio|embed|link)\b[^<>]{0,500}?\s(?:src|href|poster)\s?=\s?["']?(?<html>[^\s"'<>]{1,2048})|^[ \t>]{0,8}\[[^[\]\n]{1,100}\]:\s{0,4}<?(?<reference>\S{1,2048})/gim;
const WRITTEN =
  /(?<![\w.])(?:(?:https?|ftp|wss?):)?\/\/[^\s<>"'`)\]}|\\^]{1,2048}|(?<![\w./@])www\.[^\s<>"'`)\]}|\\^]{1,2048}/gi;
const END_OF_SENTENCE = /[.,;:!?*_~]+$/;

/** Whether a text can have addresses at all. */
export const hasAddresses = (text: string): boolean => text.includes("//") || /www\./i.test(text);

/** The web addresses in a text, in order. */
export function findAddresses(text: string): Address[] {
  if (!hasAddresses(text)) return [];
  const loaded = text.includes("](") || text.includes("<") || text.includes("]:") ? loadedIn(text) : [];
  const starts = new Set(loaded.map(({ start }) => start));
  const written = Array.from(text.matchAll(WRITTEN), ({ 0: address, index }) => ({
    start: index,
    end: index + address.replace(END_OF_SENTENCE, "").length,
    isImage: false,
  }));
  return [...loaded, ...written.filter(({ start }) => !starts.has(start))].toSorted(
    (one, two) => one.start - two.start,
  );
}

const loadedIn = (text: string): Address[] =>
  [...text.matchAll(LOADED)].flatMap((match) => {
    const value = match.groups?.markdown ?? match.groups?.html ?? match.groups?.reference ?? "";
    if (!/^(?:[a-z]{2,8}:)?\/\//i.test(value)) return [];
    const start = match.index + match[0].lastIndexOf(value);
    return [{ start, end: start + value.length, isImage: match.groups?.reference === undefined }];
  });
