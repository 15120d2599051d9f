import { Button } from "../../../components/form/button.tsx";
import { GrowingText } from "../../../components/form/growing-text.tsx";
import { Section } from "../../../components/layout/page.tsx";
import type { FieldsProps } from "./probe-fields.tsx";

const MOST_PINNED = 10;

/** The user's prompts, whose full answers are compared too. */
export function PinnedPrompts({ values, errors, onChange }: FieldsProps) {
  const prompts = values.pinnedPrompts ?? [];
  const set = (place: number, text: string) =>
    onChange({ pinnedPrompts: prompts.map((prompt, at) => (at === place ? text : prompt)) });
  return (
    <Section
      title="Pinned prompts"
      description="Optional: up to 10 prompts that matter to you. Their full answers at temperature 0 are compared too."
    >
      <div className="flex flex-col items-start gap-2 px-4 pb-4">
        {prompts.map((prompt, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a prompt has no identity beyond its place.
          <div key={place} className="flex w-full items-start gap-2">
            <GrowingText
              aria-label={`Prompt ${place + 1}`}
              value={prompt}
              onChange={({ target }) => set(place, target.value)}
            />
            <Button onClick={() => onChange({ pinnedPrompts: prompts.filter((_, at) => at !== place) })}>Remove</Button>
          </div>
        ))}
        {errors.pinnedPrompts && <p className="text-xs text-bad">{errors.pinnedPrompts}</p>}
        {prompts.length < MOST_PINNED && (
          <Button onClick={() => onChange({ pinnedPrompts: [...prompts, ""] })}>Add prompt</Button>
        )}
      </div>
    </Section>
  );
}
