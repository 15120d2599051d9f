import type { CurationSample } from "@treadle/contract";
import { useState } from "react";
import { wordsOf } from "../../../../components/form/schema-fields.ts";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { expectedText, inputText } from "../../to-dataset/index.ts";
import { changesBetween } from "../shared/field-changes.ts";
import { FieldDiff } from "../shared/field-diff.tsx";

const FIRST = 8;

/** Items that a step removes or edits, each with the reason. */
export function CurationSamples({ samples }: { samples: readonly CurationSample[] }) {
  const [shown, setShown] = useState(FIRST);
  const [rule, setRule] = useState<string>();
  const rules = [...new Set(samples.map((sample) => sample.rule))];
  const matchingSamples = samples.filter((sample) => rule === undefined || sample.rule === rule);
  if (samples.length === 0) return null;
  return (
    <section aria-label="Examples">
      <div className="mb-2 flex flex-wrap items-center gap-1.5">
        <h3 className="mr-2 font-semibold">Examples</h3>
        {rules.length > 1 &&
          [undefined, ...rules].map((name) => (
            <button
              key={name ?? "all"}
              type="button"
              aria-pressed={rule === name}
              onClick={() => setRule(name)}
              className="h-6 rounded-control border border-line-strong px-2 text-xs text-muted hover:text-text aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
            >
              {name === undefined ? "All rules" : wordsOf(name)}
            </button>
          ))}
      </div>
      <ul className="divide-y divide-line rounded-card border border-line">
        {matchingSamples.slice(0, shown).map((sample, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item can appear once per rule, and the list is replaced as a whole.
          <SampleRow key={`${sample.item.itemId} ${place}`} sample={sample} />
        ))}
      </ul>
      {matchingSamples.length > shown && (
        <button
          type="button"
          onClick={() => setShown(matchingSamples.length)}
          className="mt-2 text-accent hover:underline"
        >
          Show {matchingSamples.length - shown} more
        </button>
      )}
    </section>
  );
}

function SampleRow({ sample }: { sample: CurationSample }) {
  const { item, edited, reason, related } = sample;
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2 text-xs">
        <span className={`font-medium ${edited ? "text-info" : "text-bad"}`}>{edited ? "Edited" : "Removed"}</span>
        <span className="min-w-0 text-muted [overflow-wrap:anywhere]">{reason}</span>
        {related && <code className="text-xs text-muted">{related.itemId}</code>}
      </p>
      {edited ? (
        <FieldDiff changes={changesBetween(bodyOf(item), bodyOf(edited))} />
      ) : (
        <>
          <FoldedText text={inputText(item.inputs) || "(empty)"} most={320} />
          {expectedText(item.expected) !== "" && (
            <FoldedText text={`→ ${expectedText(item.expected)}`} most={200} className="text-muted" />
          )}
        </>
      )}
    </li>
  );
}

const bodyOf = ({ inputs, expected, metadata, split }: CurationSample["item"]) => ({
  inputs,
  expected,
  metadata,
  split,
});
