import { ChevronDown, Plus } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { DETECTOR_NAMES, detectorLabel, detectorLine } from "../shared/detector-words.ts";
import { addRule, blankRule, copyRule, moveRule, type RuleDraft } from "../shared/policy-draft.ts";
import { ProblemText } from "./problem-text.tsx";
import { RuleCard } from "./rule-card.tsx";
import type { PolicyForm } from "./use-policy-form.ts";

const MOST_RULES = 50;

type SectionProps = { form: PolicyForm; canWrite: boolean };

/** The rules of the policy as cards. */
export function RulesSection({ form, canWrite }: SectionProps) {
  const { rules } = form.draft;
  const opened = useOpenRules(rules);
  function add(detector: string) {
    const next = addRule(rules, blankRule(detector));
    form.change({ rules: next });
    const last = next.at(-1);
    if (last) opened.open(last.id);
  }
  return (
    <Section
      title="Rules"
      description="Each rule reads texts of some sources. If rules find the same place, the strongest action applies."
    >
      <ol className="flex flex-col gap-3 px-4 pb-3">
        {rules.map((rule, place) => (
          <RuleItem key={rule.id} rule={rule} place={place} form={form} canWrite={canWrite} opened={opened} />
        ))}
      </ol>
      <div className="flex flex-col items-start gap-2 px-4 pb-4">
        <ProblemText text={form.errorAt("rules")} />
        {canWrite && <AddRule add={add} isDisabled={rules.length >= MOST_RULES} />}
      </div>
    </Section>
  );
}

/** Returns to the button that moved a card. A card that is moved in the page loses the focus, and so does a button at the end. */
const focusMover = (id: number, direction: "up" | "down") =>
  void setTimeout(() => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>(`[data-rule="${id}"] [data-move]`)];
    const free = buttons.filter(({ disabled }) => !disabled);
    (free.find(({ dataset }) => dataset.move === direction) ?? free[0])?.focus();
  }, 0);

type ItemProps = SectionProps & { rule: RuleDraft; place: number; opened: ReturnType<typeof useOpenRules> };

function RuleItem({ rule, place, form, canWrite, opened }: ItemProps) {
  const { rules } = form.draft;
  function move(to: number) {
    form.change({ rules: moveRule(rules, place, to) });
    focusMover(rule.id, to < place ? "up" : "down");
  }
  function remove() {
    form.change({ rules: rules.toSpliced(place, 1) });
    toastDone(`Removed rule ${place + 1}`, { label: "Undo", run: () => form.putBack(rule, place) });
  }
  return (
    <RuleCard
      rule={rule}
      place={place}
      isLast={place === rules.length - 1}
      form={form}
      canWrite={canWrite}
      isOpen={opened.has(rule.id) || form.hasErrorBelow(`rules.${place}`)}
      onToggle={() => opened.toggle(rule.id)}
      onChange={(next) => form.change({ rules: rules.with(place, next) })}
      onMove={move}
      onCopy={() => form.change({ rules: copyRule(rules, place) })}
      onRemove={remove}
    />
  );
}

/** Which cards are open. A single rule is open from the start. */
function useOpenRules(rules: readonly RuleDraft[]) {
  const [first] = rules;
  const [ids, setIds] = useState<ReadonlySet<number>>(() => new Set(first && rules.length === 1 ? [first.id] : []));
  return {
    has: (id: number) => ids.has(id),
    open: (id: number) => setIds((old) => new Set([...old, id])),
    toggle: (id: number) =>
      setIds((old) => (old.has(id) ? new Set([...old].filter((one) => one !== id)) : new Set([...old, id]))),
  };
}

const AddRule = ({ add, isDisabled }: { add: (detector: string) => void; isDisabled: boolean }) => (
  <Menu
    trigger={
      <Button disabled={isDisabled}>
        <Plus aria-hidden size={14} /> Add rule <ChevronDown aria-hidden size={14} />
      </Button>
    }
  >
    {DETECTOR_NAMES.map((name) => (
      <MenuItem key={name} onSelect={() => add(name)}>
        <span className="block">{detectorLabel(name)}</span>
        <span className="block text-xs text-muted">{detectorLine(name)}</span>
      </MenuItem>
    ))}
  </Menu>
);
