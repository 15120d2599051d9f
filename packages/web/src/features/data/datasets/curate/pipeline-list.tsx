import { CURATION_GROUPS, type CurationGroup, type CurationStep } from "@treadle/contract";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { Popover } from "../../../../components/overlay/popover.tsx";
import type { Pipeline } from "./pipeline.ts";

const GROUP_WORDS = {
  duplicates: "Duplicates",
  quality: "Quality",
  language: "Language",
  privacy: "Privacy and safety",
  leaks: "Leaks and contamination",
  balance: "Balance",
  splits: "Splits",
} as const satisfies Record<CurationGroup, string>;

type ListProps = {
  pipeline: Pipeline;
  steps: readonly CurationStep[];
  shown: string | undefined;
  onShow: (key: string) => void;
  onMove: (key: string, by: number) => void;
  onRemove: (key: string) => void;
};

/** The pipeline's steps in the order they run. */
export function PipelineList({ pipeline, steps, shown, onShow, onMove, onRemove }: ListProps) {
  return (
    <ol aria-label="Steps" className="flex flex-col">
      {pipeline.map(({ key, stepId }, place) => {
        const label = steps.find((step) => step.stepId === stepId)?.label ?? stepId;
        return (
          <li
            key={key}
            className={`group/step flex items-center border-line border-b last:border-0 ${key === shown ? "bg-accent-soft" : "hover:bg-raised"}`}
          >
            <button
              type="button"
              aria-current={key === shown || undefined}
              onClick={() => onShow(key)}
              className="flex h-10 min-w-0 grow items-center gap-2.5 pl-4 text-left"
            >
              <span className="num w-4 shrink-0 text-right text-xs text-muted">{place + 1}</span>
              <span className={`truncate ${key === shown ? "font-medium" : ""}`}>{label}</span>
            </button>
            <span className="flex shrink-0 pr-2 group-focus-within/step:opacity-100 group-hover/step:opacity-100 md:opacity-0">
              <IconButton
                size="small"
                label={`Move ${label} up`}
                disabled={place === 0}
                onClick={() => onMove(key, -1)}
              >
                <ArrowUp size={14} />
              </IconButton>
              <IconButton
                size="small"
                label={`Move ${label} down`}
                disabled={place === pipeline.length - 1}
                onClick={() => onMove(key, 1)}
              >
                <ArrowDown size={14} />
              </IconButton>
              <IconButton size="small" label={`Remove ${label}`} onClick={() => onRemove(key)}>
                <X size={14} />
              </IconButton>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

type AddProps = { steps: readonly CurationStep[]; onAdd: (step: CurationStep) => void };
/** `isOnPage`: shown on the page instead of in a panel. */
type ChoicesProps = AddProps & { isOnPage?: boolean };

/** All available steps by category, with a search field. */
export function AddStep({ steps, onAdd }: AddProps) {
  const [isOpen, setIsOpen] = useState(false);
  const trigger = (
    <Button className="w-full">
      <Plus aria-hidden size={14} /> Add step
    </Button>
  );
  function add(step: CurationStep) {
    setIsOpen(false);
    onAdd(step);
  }
  return (
    <Popover trigger={trigger} label="Add step" isOpen={isOpen} setIsOpen={setIsOpen}>
      <StepChoices steps={steps} onAdd={add} />
    </Popover>
  );
}

/** The step list, in a panel or on the page. */
export function StepChoices({ steps, onAdd, isOnPage = false }: ChoicesProps) {
  const [word, setWord] = useState("");
  const matchingSteps = steps.filter(({ label, description }) =>
    `${label} ${description}`.toLowerCase().includes(word.trim().toLowerCase()),
  );
  return (
    <form
      className={isOnPage ? "" : "w-110 max-w-full"}
      onSubmit={(event) => {
        event.preventDefault();
        if (matchingSteps[0]) onAdd(matchingSteps[0]);
      }}
    >
      <div className="border-line border-b p-1.5">
        <TextInput
          aria-label="Search steps"
          placeholder="Search: duplicates, language, email…"
          value={word}
          onChange={({ target }) => setWord(target.value)}
          autoFocus
        />
      </div>
      <div className={`p-1.5 ${isOnPage ? "" : "max-h-100 overflow-y-auto"}`}>
        {CURATION_GROUPS.map((group) => {
          const inGroup = matchingSteps.filter((step) => step.group === group);
          if (inGroup.length === 0) return null;
          return (
            <section key={group} aria-label={GROUP_WORDS[group]} className="mb-1">
              <h3 className="px-2 pt-1.5 pb-0.5 text-xs text-muted">{GROUP_WORDS[group]}</h3>
              <ul>
                {inGroup.map((step) => (
                  <li key={step.stepId}>
                    <button
                      type="button"
                      onClick={() => onAdd(step)}
                      className="flex w-full flex-col rounded-control px-2 py-1.5 text-left hover:bg-raised"
                    >
                      <span className="font-medium">{step.label}</span>
                      <span className="text-xs text-muted text-pretty">{step.description}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        {matchingSteps.length === 0 && <p className="px-2 py-3 text-muted">No matching steps.</p>}
      </div>
    </form>
  );
}
