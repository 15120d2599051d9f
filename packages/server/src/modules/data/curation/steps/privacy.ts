import type { Item } from "@treadle/contract";
import { type Match, PRIVATE_GROUPS, placeholderOf, replacePrivate } from "@treadle/guards";
import { z } from "zod";
import { mapRecord, mapStrings } from "../items/item-edit.ts";
import { act, nothing } from "../step/actions.ts";
import { type RowVerdict, rowStep } from "../step/row-step.ts";

const Params = z.strictObject({
  kinds: z
    .array(z.enum(PRIVATE_GROUPS))
    .min(1)
    .default([...PRIVATE_GROUPS])
    .describe(
      "The kinds of data to look for. Names and postal addresses are not included, because their form does not identify them.",
    ),
  action: z
    .enum(["redact", "flag", "drop"])
    .default("redact")
    .describe(
      "`redact` replaces each value with a placeholder, the same one for equal values; `flag` records it in `metadata.flags`; `drop` removes the item.",
    ),
});
type Params = z.output<typeof Params>;

export const privacy = rowStep({
  id: "privacy",
  label: "Personal data and secrets",
  describe:
    "Finds e-mail addresses, phone numbers, payment cards, bank accounts, IP addresses, national ids and keys by format and checksum. It checks inputs, expected outputs and metadata.",
  group: "privacy",
  params: Params,
  judge(params, secret) {
    const kinds = new Set(params.kinds);
    const replace = placeholderOf(secret);
    return (item) => {
      const findings: Match[] = [];
      const change = (text: string) => {
        const changed = replacePrivate(text, kinds, replace);
        findings.push(...changed.findings);
        return changed.text;
      };
      const edited = {
        ...item,
        inputs: mapRecord(item.inputs, change),
        expected: mapStrings(item.expected, change),
        metadata: mapRecord(item.metadata, change),
      };
      return findings.length === 0 ? nothing({ findings: 0 }) : verdictOn({ item, edited, findings, params });
    };
  },
});

type Read = {
  readonly item: Item;
  readonly edited: Item;
  readonly findings: readonly Match[];
  readonly params: Params;
};

function verdictOn({ item, edited, findings, params: { action } }: Read): RowVerdict {
  const labels = [...new Set(findings.map(({ pattern }) => pattern.label))];
  const flags = [...new Set(findings.map(({ pattern }) => `private:${pattern.kind}`))];
  const finding = {
    rule: findings[0]?.pattern.kind ?? "",
    reason: labels.join(", "),
    value: findings.length,
    threshold: 0,
  };
  const measures = { findings: findings.length };
  if (action === "redact") return { ...finding, keep: true, edited, measures };
  return act(item, finding, { action, flags, measures });
}
