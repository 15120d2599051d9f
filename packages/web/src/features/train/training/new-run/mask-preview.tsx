import { Section } from "../../../../components/layout/page.tsx";
import { ScrollBox } from "../../../../components/layout/scroll-box.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import type { Preview } from "../shared/use-training.ts";

type Sample = Preview["samples"][number];

/** The first rows as tokens. Tokens that count toward the loss are highlighted, the rest are grey. */
export function MaskPreview({ preview }: { preview: Preview }) {
  return (
    <Section
      title="Tokenized samples"
      description="Only highlighted tokens count toward the loss. Check that the end of each answer is highlighted; otherwise the model does not learn to stop."
    >
      <ol className="border-line border-t">
        {preview.samples.map((sample, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the samples of one preview never change order.
          <li key={place} className="border-line border-b px-4 py-3 last:border-0">
            <p className="num mb-1 flex flex-wrap gap-x-3 text-xs text-muted">
              <span>{formatNumberOf(sample.length, "token")}</span>
              <span>{sample.trainable} trained</span>
              {sample.truncated && <span className="text-warn">truncated to the sequence length</span>}
              {sample.trainable === 0 && <span className="text-bad">no trained tokens</span>}
            </p>
            <ScrollBox label={`Sample ${place + 1}`} className="max-h-80">
              <Tokens tokens={sample.tokens} />
            </ScrollBox>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Merges neighbouring tokens with the same mask into one element. */
function Tokens({ tokens }: { tokens: Sample["tokens"] }) {
  const pieces: { text: string; masked: boolean; at: number }[] = [];
  for (const [at, { text, masked }] of tokens.entries()) {
    const last = pieces.at(-1);
    if (last?.masked === masked) last.text += text;
    else pieces.push({ text, masked, at });
  }
  return (
    <pre dir="auto" className="text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
      {pieces.map(({ text, masked, at }) =>
        masked ? (
          <span key={at} className="text-muted">
            {text}
          </span>
        ) : (
          <mark key={at} className="rounded-[2px] bg-accent-soft text-text">
            {text}
          </mark>
        ),
      )}
    </pre>
  );
}
