const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const MOST = 0xffff_ffff;

/** `hashUnit` in the columnar engine's words, of two expressions for texts in ASCII. */
export const hashUnitSql = (salt: string, unit: string): string =>
  fnv1a(`toString(${fnv1a(`concat(${salt}, ${unit})`)})`);

/** 2³² · 2²⁵ fits into 64 bits. */
const fnv1a = (text: string): string =>
  `arrayFold((hash, letter) -> bitAnd(bitXor(hash, toUInt64(letter)) * ${PRIME}, ${MOST}),
    arrayMap(place -> reinterpretAsUInt8(substring(${text}, place, 1)), range(1, length(${text}) + 1)), toUInt64(${OFFSET}))`;
