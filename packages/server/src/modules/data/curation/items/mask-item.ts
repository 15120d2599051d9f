import type { Item } from "@treadle/contract";
import { PRIVATE_GROUPS, placeholderOf, replacePrivate } from "@treadle/guards";
import { mapRecord, mapStrings } from "./item-edit.ts";

const ALL = new Set(PRIVATE_GROUPS);

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
