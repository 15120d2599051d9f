import type { Item } from "@treadle/contract";
import { mapRecord, mapStrings } from "../items/item-edit.ts";
import { PRIVATE_KINDS } from "./detector.ts";
import { placeholderOf, replacePrivate } from "./find-private.ts";

const ALL = new Set(PRIVATE_KINDS);

/**
 * An item with a placeholder for each private value in its inputs and expected answer, and the number of placeholders.
 */
export function maskItem(item: Item, secret: Uint8Array): { item: Item; findings: number } {
  let findings = 0;
  const change = (text: string) => {
    const changed = replacePrivate(text, ALL, placeholderOf(secret));
    findings += changed.findings.length;
    return changed.text;
  };
  const masked = {
    ...item,
    inputs: mapRecord(item.inputs, change),
    expected: mapStrings(item.expected, change),
  };
  return { item: masked, findings };
}
