import { getRouteApi } from "@tanstack/react-router";
import { ScorerInput } from "@treadle/contract";
import { useState } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { paramErrors } from "../../../../components/form/param-errors.ts";
import { initialOf } from "../../../../components/form/schema-fields.ts";
import { SchemaForm } from "../../../../components/form/schema-form.tsx";
import { SearchField } from "../../../../components/form/search-field.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { KindList } from "../shared/kind-list.tsx";
import { outputWords } from "../shared/kind-words.ts";
import { type ScorerKind, useKinds, useModelNames, useScorerChanges } from "../shared/use-scorers.ts";
import { TryPanel } from "./try-panel.tsx";

const route = getRouteApi("/shell/scorers/new");

/** Chooses a kind and its settings, with a test on a sample before the scorer is saved. */
export function NewScorer() {
  const { kind: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useKinds();
  const [word, setWord] = useState("");
  const kind = kinds.data?.find((one) => one.kind === asked);
  const back = <BackLink to="/scorers" label="Scorers" />;
  if (kinds.error && !kinds.data)
    return (
      <>
        <PageHeader title="New scorer" back={back} />
        <ErrorState error={kinds.error} retry={() => kinds.refetch()} title="The kinds could not be loaded" />
      </>
    );
  if (asked !== undefined && !kinds.data)
    return (
      <>
        <PageHeader title="New scorer" back={back} />
        <Skeleton className="mx-6 h-80 rounded-card" />
      </>
    );
  if (kind)
    return <Editor key={kind.kind} kind={kind} chooseKind={() => void navigate({ search: {}, replace: true })} />;
  return (
    <>
      <PageHeader
        title="New scorer"
        back={back}
        description={
          asked === undefined ? "Choose a kind. You can test it before you save it." : `There is no kind “${asked}”.`
        }
      >
        <SearchField label="Search kinds" placeholder="What do you want to measure?" word={word} onChange={setWord} />
      </PageHeader>
      <div className="px-6 pb-8 max-md:px-4">
        <KindList kinds={kinds.data} search={word} group={undefined} linkKinds showAll={() => setWord("")} />
      </div>
    </>
  );
}

function Editor({ kind, chooseKind }: { kind: ScorerKind; chooseKind: () => void }) {
  const navigate = route.useNavigate();
  const { create } = useScorerChanges();
  const models = useModelNames(kind);
  const form = useFormState({
    schema: ScorerInput,
    initial: { kind: kind.kind, params: initialOf(kind.params), name: "", description: "" },
    draft: `new-scorer.${kind.kind}`,
  });
  const params = form.values.params ?? {};
  const submit = () =>
    form.submit(async (body) => {
      const { scorerId, name } = await create.mutateAsync(body);
      toastDone(`Saved ${name}`);
      await navigate({ to: "/scorers/$scorerId", params: { scorerId } });
    });
  return (
    <>
      <PageHeader
        title={`New scorer: ${kind.label}`}
        back={<BackLink to="/scorers" label="Scorers" />}
        description={`${kind.summary} Output: ${outputWords(kind.output)}.`}
        action={<Button onClick={chooseKind}>Change kind</Button>}
      />
      <div className="grid grid-cols-2 items-start gap-4 px-6 pb-8 max-lg:grid-cols-1 max-md:px-4">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
          className="card flex min-w-0 flex-col gap-4 p-4"
        >
          <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
            <Field label="Name" error={form.errors.name} help="The name of its scores">
              {(field) => (
                <TextInput {...field} {...form.text("name")} required maxLength={100} placeholder={kind.kind} />
              )}
            </Field>
            <Field label="Description" isOptional error={form.errors.description}>
              {(field) => <TextArea {...field} {...form.text("description")} rows={1} />}
            </Field>
          </div>
          <SchemaForm
            schema={kind.params}
            params={params}
            onChange={(next) => form.set({ params: next })}
            errors={paramErrors(create.error)}
            proposals={models}
          />
          <Failure text={form.failure} />
          <div className="flex justify-end gap-2">
            <Button type="submit" kind="primary" isBusy={form.isBusy}>
              Save
            </Button>
          </div>
        </form>
        <TryPanel kind={kind} params={params} />
      </div>
    </>
  );
}
