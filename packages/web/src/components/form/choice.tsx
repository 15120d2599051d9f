const LOOK =
  "inline-flex min-h-8 min-w-0 max-w-full flex-wrap rounded-control border border-line-strong bg-raised p-0.5";

/** One of a few words, pressed. */
export function Choice<Name extends string>({
  label,
  names,
  words,
  chosen,
  onChoose,
}: {
  label: string;
  names: readonly Name[];
  words: Readonly<Record<Name, string>>;
  chosen: Name;
  onChoose: (name: Name) => void;
}) {
  return (
    <fieldset aria-label={label} className={LOOK}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          onClick={() => onChoose(name)}
          className="num h-6.5 rounded-[4px] px-3 whitespace-nowrap text-muted hover:text-text aria-pressed:bg-panel aria-pressed:font-medium aria-pressed:text-text aria-pressed:shadow-sm max-sm:px-2"
        >
          {words[name]}
        </button>
      ))}
    </fieldset>
  );
}
