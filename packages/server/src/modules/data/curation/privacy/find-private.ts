import { createHmac } from "node:crypto";
import { contacts, phones } from "./contacts.ts";
import { type Detector, PRIVATE_KINDS, type PrivateKind, type Span } from "./detector.ts";
import { nationalIds } from "./national-ids.ts";
import { secrets } from "./secrets.ts";

/** If two findings overlap, the earlier one wins: a key that contains digits is not a telephone number. */
const DETECTORS: readonly Detector[] = [...secrets, ...contacts, ...nationalIds, ...phones];

export type Finding = Span & { readonly detector: Detector };

/** More of one text is not read; one item must not hold up the rest. */
const MOST_CHARACTERS = 4_000_000;

/** Everything private of the kinds in a text, in order, no two of which meet. */
export function findPrivate(text: string, kinds: ReadonlySet<PrivateKind>): Finding[] {
  if (text.length < 5) return [];
  const read = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
  const all = DETECTORS.filter(({ kind }) => kinds.has(kind)).flatMap((detector, rank) =>
    [...detector.find(read)].map((span) => ({ ...span, detector, rank })),
  );
  return withoutOverlaps(all);
}

const ALL_KINDS: ReadonlySet<PrivateKind> = new Set(PRIVATE_KINDS);

/** Whether a text has personal data or a secret of any kind. */
export const hasPrivate = (text: string): boolean => findPrivate(text, ALL_KINDS).length > 0;

/** Each place goes to the first detector that found it. */
function withoutOverlaps(findings: readonly (Finding & { readonly rank: number })[]): Finding[] {
  const accepted: (Finding & { readonly rank: number })[] = [];
  for (const finding of findings.toSorted((one, two) => one.start - two.start || one.rank - two.rank)) {
    const last = accepted.at(-1);
    if (!last || finding.start >= last.end) accepted.push(finding);
    else if (finding.rank < last.rank) accepted[accepted.length - 1] = finding;
  }
  return accepted;
}

/** The text with each finding replaced, and how often each detector found something. */
export function replacePrivate(
  text: string,
  kinds: ReadonlySet<PrivateKind>,
  replace: (value: string, detector: Detector) => string,
) {
  const findings = findPrivate(text, kinds);
  let replaced = "";
  let from = 0;
  for (const { start, end, detector } of findings) {
    replaced += text.slice(from, start) + replace(text.slice(start, end), detector);
    from = end;
  }
  return { text: findings.length === 0 ? text : replaced + text.slice(from), findings };
}

/** `[EMAIL_4F1C09D2]`: the same for the same value all over a dataset, so that a conversation stays readable, and of no use without the dataset's secret. */
export const placeholderOf =
  (secret: Uint8Array) =>
  (value: string, { kind }: Pick<Detector, "kind">) => {
    const plain =
      kind === "email"
        ? value.toLowerCase()
        : kind === "secret"
          ? value
          : value.replaceAll(/[\s().-]/g, "").toUpperCase();
    const mark = createHmac("sha256", secret).update(`${kind}\n${plain}`).digest("hex").slice(0, 8).toUpperCase();
    return `[${kind.toUpperCase().replace("-", "_")}_${mark}]`;
  };
