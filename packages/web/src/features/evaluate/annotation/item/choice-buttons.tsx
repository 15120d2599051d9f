type Option = { readonly value: string; readonly label: string; readonly help?: string; readonly key?: string };
type ButtonsProps = {
  label: string;
  options: readonly Option[];
  chosen: readonly string[];
  onChoose: (value: string) => void;
  /** Places short options side by side, such as rating steps. */
  isRow?: boolean;
  /** Allows several choices. */
  isMany?: boolean;
};

/** Options as buttons, each with its key. */
export function ChoiceButtons({ label, options, chosen, onChoose, isRow = false, isMany = false }: ButtonsProps) {
  return (
    <fieldset aria-label={label} className={isRow ? "flex flex-wrap gap-1.5" : "grid gap-1.5"}>
      {options.map(({ value, label: words, help, key }) => {
        const isChosen = chosen.includes(value);
        return (
          <button
            key={value}
            type="button"
            aria-pressed={isChosen}
            aria-keyshortcuts={key}
            data-answer
            title={help}
            onClick={() => onChoose(value)}
            className={`flex min-h-8 items-center gap-2 rounded-control border px-2.5 py-1 text-left transition-colors duration-150 [overflow-wrap:anywhere] max-md:min-h-11 ${
              isChosen
                ? "border-accent bg-accent-soft font-medium text-text"
                : "border-line-strong bg-panel hover:bg-raised"
            } ${isRow ? "min-w-10 justify-center" : ""}`}
          >
            {isMany && (
              <span aria-hidden className={isChosen ? "text-accent" : "text-faint"}>
                {isChosen ? "☑" : "☐"}
              </span>
            )}
            <span className={isRow ? "num" : "min-w-0 grow"}>{words}</span>
            {key && !isRow && (
              <kbd className="num shrink-0 rounded border border-line bg-raised px-1.5 text-xs text-muted max-md:hidden">
                {key}
              </kbd>
            )}
          </button>
        );
      })}
    </fieldset>
  );
}
