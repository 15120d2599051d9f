import { Choice } from "../../../../components/form/choice.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { METHOD_HELP, METHODS } from "../shared/words.ts";
import { ModelField } from "./model-field.tsx";
import { NumberField } from "./number-field.tsx";
import { type FormProps, METHOD_NAMES } from "./optimisation-draft.ts";

/** The optimisation method and its settings. */
export function MethodFields({ draft, change, problems }: FormProps) {
  const { method } = draft;
  return (
    <Section title="Method">
      <div className="flex flex-col gap-3 px-4 pb-4">
        <div className="overflow-x-auto">
          <Choice
            label="Method"
            names={METHOD_NAMES}
            words={METHODS}
            chosen={method}
            onChoose={(name) => change({ method: name })}
          />
        </div>
        <p className="max-w-170 text-muted text-pretty">{METHOD_HELP[method]}</p>
        <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
          {method === "gepa" ? (
            <>
              <ModelField
                label="Rewriting model"
                help="Use a strong model. Leave empty to use the answering model"
                value={draft.reflectionModel}
                error={problems.reflectionModel}
                onChange={(reflectionModel) => change({ reflectionModel })}
              />
              <NumberField
                label="Items per rewrite"
                help="Each rewrite uses this many items, and is tested on them before the selection items"
                value={draft.minibatch}
                error={problems.minibatch}
                onChange={(minibatch) => change({ minibatch: minibatch ?? 0 })}
              />
              <div className="pt-6 max-md:pt-0">
                <Checkbox
                  label="Merge candidates"
                  checked={draft.merge}
                  onChange={({ target }) => change({ merge: target.checked })}
                />
                <p className="pl-6 text-xs text-muted">Combines two candidates, for prompts with several messages.</p>
              </div>
            </>
          ) : (
            <>
              <NumberField
                label="Prompts to try"
                value={draft.trials}
                error={problems.trials}
                onChange={(trials) => change({ trials: trials ?? 0 })}
              />
              <NumberField
                label="Maximum examples"
                value={draft.examples}
                error={problems.examples}
                onChange={(examples) => change({ examples: examples ?? 0 })}
              />
            </>
          )}
        </div>
      </div>
    </Section>
  );
}
