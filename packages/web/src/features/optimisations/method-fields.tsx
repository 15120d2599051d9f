import { Choice } from "../../components/choice.tsx";
import { Checkbox } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { ModelField } from "./model-field.tsx";
import { NumberField } from "./number-field.tsx";
import { type FormProps, METHOD_NAMES } from "./optimisation-draft.ts";
import { METHOD_HELP, METHODS } from "./words.ts";

/** How better prompts are looked for, and who writes them. */
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
                label="Model that rewrites"
                help="Best a strong one; the one that answers when left out"
                value={draft.reflectionModel}
                error={problems.reflectionModel}
                onChange={(reflectionModel) => change({ reflectionModel })}
              />
              <NumberField
                label="Items that a rewrite is made from"
                help="And tried on before it answers the selection third"
                value={draft.minibatch}
                error={problems.minibatch}
                onChange={(minibatch) => change({ minibatch: minibatch ?? 0 })}
              />
              <div className="pt-6 max-md:pt-0">
                <Checkbox
                  label="Join two lines of rewrites"
                  checked={draft.merge}
                  onChange={({ target }) => change({ merge: target.checked })}
                />
                <p className="pl-6 text-xs text-muted">Where a prompt has several messages.</p>
              </div>
            </>
          ) : (
            <>
              <NumberField
                label="Prompts that are tried"
                value={draft.trials}
                error={problems.trials}
                onChange={(trials) => change({ trials: trials ?? 0 })}
              />
              <NumberField
                label="The most examples of a prompt"
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
