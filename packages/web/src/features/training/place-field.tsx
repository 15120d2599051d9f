import { Link } from "@tanstack/react-router";
import { Field, NumberInput, Select } from "../../components/field.tsx";
import { KINDS, useComputeTargets } from "../compute-targets/index.ts";
import { type FieldsProps, LOCAL, type Place } from "./run-draft.ts";

const keyOf = (place: Place) => ("target" in place ? `target:${place.target}` : place.type);

/** Where a run trains: this machine, in one process or several, or a compute target of the project. */
export function PlaceField({ draft, change, problems }: FieldsProps) {
  const targets = useComputeTargets();
  const place = draft.launcher ?? LOCAL;
  const known = targets.data?.items ?? [];
  const isGone = "target" in place && targets.data && !known.some(({ name }) => name === place.target);
  function choose(key: string) {
    const found = known.find(({ name }) => key === `target:${name}`);
    if (found) change({ launcher: { type: found.settings.kind, target: found.name } });
    else if (key === "torchrun") change({ launcher: { type: "torchrun", processes: 2 } });
    else if (key === "local") change({ launcher: LOCAL });
  }
  return (
    <div className="flex items-start gap-3">
      <Field
        label="Where it trains"
        className="grow"
        error={problems.launcher ?? problems["launcher.target"] ?? problems["launcher.type"]}
        help={
          <>
            Clusters are added under{" "}
            <Link to="/settings/compute" className="text-accent underline underline-offset-2">
              Settings, Compute
            </Link>
          </>
        }
      >
        {(field) => (
          <Select {...field} value={keyOf(place)} onChange={({ target }) => choose(target.value)}>
            <option value="local">This machine</option>
            <option value="torchrun">This machine, in several processes</option>
            {known.map(({ name, settings: { kind } }) => (
              <option key={name} value={`target:${name}`}>
                {name} ({KINDS[kind].label})
              </option>
            ))}
            {place.type === "provider" && (
              <option value={keyOf(place)}>{place.connection} (a provider's fine-tuning)</option>
            )}
            {isGone && <option value={keyOf(place)}>{place.target} (no longer there)</option>}
          </Select>
        )}
      </Field>
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
  );
}
