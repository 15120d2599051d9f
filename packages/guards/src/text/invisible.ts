/**
 * Characters that take no room: soft hyphens, fillers, zero-width and bidi controls, variation selectors, tags and
 * annotation marks. As the inside of a character class.
 */
export const INVISIBLE =
  "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164" +
  "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}";

/** A tag character stands for the ASCII character at its place in the block. */
const FIRST_TAG = 0xe0000;
export const TAG_RUN = /[\u{e0020}-\u{e007e}]+/gu;
export const asciiOfTag = (tag: string): string => String.fromCharCode((tag.codePointAt(0) ?? FIRST_TAG) - FIRST_TAG);
