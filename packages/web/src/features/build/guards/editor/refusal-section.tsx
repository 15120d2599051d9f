import { Checkbox, Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { languageWords } from "../shared/language-words.ts";
import { PairRows } from "./options/pair-rows.tsx";
import { ProblemText } from "./problem-text.tsx";
import type { PolicyForm } from "./use-policy-form.ts";

type SectionProps = { form: PolicyForm; canWrite: boolean };

/** The text that answers a blocked request instead of the error. */
export function RefusalSection({ form, canWrite }: SectionProps) {
  const { refusal, rules } = form.draft;
  const canBlock = rules.some(({ action }) => action === "block" || action === "reask");
  if (!canBlock && refusal === null) return null;
  return (
    <Section title="Refusal">
      <fieldset disabled={!canWrite} className="flex min-w-0 flex-col gap-4 px-4 pb-4">
        <div className="flex flex-col gap-0.5">
          <Checkbox
            label="Answer with a text"
            checked={refusal !== null}
            onChange={({ target }) => form.change({ refusal: target.checked ? { text: "", texts: {} } : null })}
          />
          <p className="text-xs text-muted">
            A blocked request then gets status 200 and this text instead of the error. A withheld answer ends with it.
          </p>
        </div>
        {refusal && <Texts form={form} refusal={refusal} />}
      </fieldset>
    </Section>
  );
}

type Refusal = NonNullable<PolicyForm["draft"]["refusal"]>;

type TextsProps = { form: PolicyForm; refusal: Refusal };

const Texts = ({ form, refusal }: TextsProps) => (
  <>
    <Field label="Text" help="For every language that has no text below." error={form.errorAt("refusal.text")}>
      {(field) => (
        <TextArea
          {...field}
          rows={2}
          maxLength={2_000}
          value={refusal.text}
          placeholder="I cannot help with that."
          onChange={({ target }) => form.change({ refusal: { ...refusal, text: target.value } })}
          onBlur={() => form.touch("refusal.text")}
        />
      )}
    </Field>
    <LanguageTexts form={form} refusal={refusal} />
  </>
);

const LanguageTexts = ({ form, refusal }: TextsProps) => (
  <fieldset className="flex min-w-0 flex-col gap-2">
    <legend className="mb-1 text-sm font-medium">Texts by language</legend>
    <PairRows
      values={refusal.texts}
      blank=""
      addLabel="Add language"
      removeLabel={(language) => `Remove the text for ${language || "the empty language"}`}
      note={<ProblemText text={form.errorAt("refusal.texts")} />}
      onChange={(texts) => form.change({ refusal: { ...refusal, texts: texts ?? {} } })}
    >
      {([language, text], change) => (
        <LanguageText
          language={language}
          text={text}
          problem={form.errorAt(`refusal.texts.${language}`)}
          change={(next) => change([next.language ?? language, next.text ?? text])}
          onLeave={() => form.touch(`refusal.texts.${language}`)}
        />
      )}
    </PairRows>
  </fieldset>
);

type LanguageProps = {
  language: string;
  text: string;
  problem: string | undefined;
  change: (next: { language?: string; text?: string }) => void;
  onLeave: () => void;
};

const LanguageText = ({ language, text, problem, change, onLeave }: LanguageProps) => (
  <div className="flex min-w-0 grow flex-wrap items-start gap-2">
    <div className="flex w-24 flex-col gap-0.5">
      <TextInput
        aria-label="Language"
        aria-invalid={problem ? true : undefined}
        placeholder="de"
        value={language}
        maxLength={6}
        onChange={({ target }) => change({ language: target.value.trim() })}
        onBlur={onLeave}
      />
      <span className="truncate text-xs text-muted">{nameOf(language)}</span>
    </div>
    <div className="flex min-w-0 grow basis-60 flex-col gap-1">
      <TextArea
        aria-label={`Text for ${language || "the language"}`}
        rows={1}
        lang={language || undefined}
        maxLength={2_000}
        value={text}
        onChange={({ target }) => change({ text: target.value })}
        onBlur={onLeave}
      />
      <ProblemText text={problem} />
    </div>
  </div>
);

const nameOf = (language: string) => (/^[a-z]{2,3}(-[A-Z]{2})?$/.test(language) ? languageWords(language) : "");
