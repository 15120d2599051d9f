import { KnowledgeBasePatch } from "@treadle/contract";
import type { ReactNode } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { Section } from "../../../../components/layout/page.tsx";
import { type Base, type BasePatch, useUpdateBase } from "../shared/use-bases.ts";

/** A form of the patch of a base, saved by its own button. */
export function usePatchForm({ base, initial, done }: { base: Base; initial: BasePatch; done: string }) {
  const update = useUpdateBase(base.knowledgeBaseId);
  const form = useFormState({ schema: KnowledgeBasePatch, initial });
  async function save() {
    const isSaved = await form.submit((body) => update.mutateAsync(body));
    if (isSaved) toastDone(done);
  }
  return { form, save: () => void save() };
}

type FormProps = {
  title: string;
  description?: string;
  part: ReturnType<typeof usePatchForm>;
  canWrite: boolean;
  error: string | undefined;
  /** A page has one primary action. */
  kind?: "primary" | "plain";
  children: ReactNode;
};

/** One section of the settings with its Save button. It cannot be changed without permission. */
export function PartForm({ part: { form, save }, canWrite, error, kind = "plain", children, ...section }: FormProps) {
  return (
    <Section {...section}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <fieldset disabled={!canWrite} className="flex flex-col gap-4 px-4 pt-1 pb-4 text-base">
          {children}
          <Failure text={form.failure ?? error} />
          {canWrite && (
            <Button type="submit" kind={kind} isBusy={form.isBusy} className="self-start">
              <span>
                Save<span className="sr-only"> {section.title.toLowerCase()}</span>
              </span>
            </Button>
          )}
        </fieldset>
      </form>
    </Section>
  );
}
