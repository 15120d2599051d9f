import { Button } from "../../../../components/form/button.tsx";
import { rank } from "./answer-values.ts";
import { ChoiceButtons } from "./choice-buttons.tsx";

type RankProps = {
  label: string;
  options: readonly { value: string; label: string }[];
  ranks: readonly (readonly string[])[];
  allowsTies: boolean;
  onChange: (ranks: string[][]) => void;
};

/** Ranks options in the order they are chosen, best first; tied options share a rank. */
export function RankList({ label, options, ranks, allowsTies, onChange }: RankProps) {
  const rankOf = (value: string) => ranks.findIndex((group) => group.includes(value)) + 1;
  const ranked = ranks.flat();
  return (
    <div className="flex flex-col gap-2">
      <ChoiceButtons
        label={label}
        isMany
        chosen={ranked}
        options={options.map(({ value, label: words }, index) => ({
          value,
          label: rankOf(value) > 0 ? `${rankOf(value)}.  ${words}` : words,
          key: String(index + 1),
        }))}
        onChoose={(value) => onChange(rank(ranks, value, false))}
      />
      <p className="text-xs text-muted">
        Choose the options in order, best first.{allowsTies ? " “Tie with last” gives two options the same rank." : ""}
      </p>
      {allowsTies && ranks.length > 0 && ranked.length < options.length && (
        <div className="flex flex-wrap gap-1.5">
          {options
            .filter(({ value }) => !ranked.includes(value))
            .map(({ value, label: words }) => (
              <Button key={value} size="small" data-answer onClick={() => onChange(rank(ranks, value, true))}>
                {words}: tie with last
              </Button>
            ))}
        </div>
      )}
    </div>
  );
}
