import { Button } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";

export type Option<Id extends string> = { readonly id: Id; readonly label: string; readonly summary: string };
type ListProps<Id extends string> = {
  title: string;
  description: string;
  options: readonly Option<Id>[];
  chosen: readonly Id[];
  onChange: (chosen: readonly Id[]) => void;
  error: string | undefined;
};

/** A titled list of options to tick, each with a sentence. The order of the choice is the order of the options. */
export function CheckList<Id extends string>({ title, description, options, chosen, onChange, error }: ListProps<Id>) {
  const isAll = chosen.length === options.length;
  const toggle = (id: Id) =>
    onChange(options.map((option) => option.id).filter((one) => (one === id) !== chosen.includes(one)));
  const toggleAll = () => onChange(isAll ? [] : options.map(({ id }) => id));
  return (
    <Section
      title={title}
      description={description}
      action={
        <Button size="small" onClick={toggleAll}>
          {isAll ? "Choose none" : "Choose all"}
        </Button>
      }
    >
      {error && <p className="px-4 pb-2 text-bad">{error}</p>}
      <ul className="grid grid-cols-2 gap-x-6 gap-y-2 px-4 pb-4 max-sm:grid-cols-1">
        {options.map((option) => (
          <li key={option.id} className="min-w-0">
            <Tick option={option} isChosen={chosen.includes(option.id)} onToggle={() => toggle(option.id)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

type TickProps = { option: Option<string>; isChosen: boolean; onToggle: () => void };

const Tick = ({ option: { label, summary }, isChosen, onToggle }: TickProps) => (
  <Checkbox
    className="items-start! [&>input]:mt-0.5"
    checked={isChosen}
    onChange={onToggle}
    label={
      <>
        <span className="block font-medium">{label}</span>
        <span className="block text-xs text-muted text-pretty">{summary}</span>
      </>
    }
  />
);
