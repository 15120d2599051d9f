import { Link } from "@tanstack/react-router";
import { Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { KINDS, useComputeTargets } from "../../compute-targets/index.ts";
import { useFineTuners } from "../shared/use-choices.ts";
import { ProviderFields } from "./provider-fields.tsx";
import { type FieldsProps, LOCAL, type Place, PROVIDER_USUAL, providerOf, type RunDraft } from "./run-draft.ts";

const keyOf = (place: Place) => {
  if (place.type === "provider") return `provider:${place.connection}`;
  return "target" in place ? `target:${place.target}` : place.type;
};

/** The draft with a provider as its place. Settings of an earlier provider carry over. */
function atProvider(draft: RunDraft, connection: string): Partial<RunDraft> {
  const before = providerOf(draft);
  return {
    launcher: { ...PROVIDER_USUAL, model: null, ...before, type: "provider", connection },
    ...(!before && { amount: "epochs", epochs: null }),
  };
}

/** Where a run trains: this machine, in one process or several, a compute target of the project, or a provider. */
export function PlaceFields({ draft, change, problems }: FieldsProps) {
  const place = draft.launcher ?? LOCAL;
  return (
    <Section title="Compute">
      <div className="flex flex-col gap-4 px-4 pb-4">
        <div className="flex items-start gap-3">
          <PlaceField draft={draft} change={change} problems={problems} />
          {place.type === "torchrun" && (
            <Field label="Processes" error={problems["launcher.processes"]} className="w-28">
              {(field) => (
                <NumberInput
                  {...field}
                  min={2}
                  max={64}
                  value={place.processes ?? 2}
                  onChange={({ target }) =>
                    change({
                      launcher: { ...place, processes: Number.isNaN(target.valueAsNumber) ? 2 : target.valueAsNumber },
                    })
                  }
                />
              )}
            </Field>
          )}
        </div>
        {place.type === "provider" && <ProviderFields place={place} change={change} problems={problems} />}
      </div>
    </Section>
  );
}

function PlaceField({ draft, change, problems }: FieldsProps) {
  const targets = useComputeTargets();
  const tuners = useFineTuners();
  const place = draft.launcher ?? LOCAL;
  const targetList = targets.data?.items ?? [];
  const missing = missingPlace(place, { targets: targets.data?.items, tuners });
  function choose(key: string) {
    const target = targetList.find(({ name }) => key === `target:${name}`);
    const tuner = tuners?.find(({ slug }) => key === `provider:${slug}`);
    if (target) change({ launcher: { type: target.settings.kind, target: target.name } });
    else if (tuner) change(atProvider(draft, tuner.slug));
    else if (key === "torchrun") change({ launcher: { type: "torchrun", processes: 2 } });
    else if (key === "local") change({ launcher: LOCAL });
  }
  const link = "text-accent underline underline-offset-2";
  return (
    <Field
      label="Run on"
      className="grow"
      error={problems.launcher ?? problems["launcher.connection"] ?? problems["launcher.target"]}
      help={
        <>
          Add clusters under{" "}
          <Link to="/settings/compute" className={link}>
            Settings, Compute
          </Link>
          , and providers under{" "}
          <Link to="/models/providers" className={link}>
            Models, Providers
          </Link>
        </>
      }
    >
      {(field) => (
        <Select {...field} value={keyOf(place)} onChange={({ target }) => choose(target.value)}>
          <option value="local">This machine</option>
          <option value="torchrun">This machine, several processes</option>
          {targetList.map(({ name, settings: { kind } }) => (
            <option key={name} value={`target:${name}`}>
              {name} ({KINDS[kind].label})
            </option>
          ))}
          {tuners?.map(({ slug, name }) => (
            <option key={slug} value={`provider:${slug}`}>
              {name} (provider fine-tuning)
            </option>
          ))}
          {missing && <option value={keyOf(place)}>{missing}</option>}
        </Select>
      )}
    </Field>
  );
}

type Known = {
  readonly targets: readonly { readonly name: string }[] | undefined;
  readonly tuners: readonly { readonly slug: string }[] | undefined;
};

/** The option text of a place that is in no list: it was deleted, or the list could not be loaded. */
function missingPlace(place: Place, { targets, tuners }: Known): string | undefined {
  const [name, isThere] =
    place.type === "provider"
      ? [place.connection, tuners?.some(({ slug }) => slug === place.connection)]
      : "target" in place
        ? [place.target, targets?.some((target) => target.name === place.target)]
        : ["", true];
  if (isThere) return undefined;
  return isThere === undefined ? name : `${name} (deleted)`;
}
