import { useState } from "react";
import type { Answer } from "../../../../api.ts";
import { Select, TextInput } from "../../../../components/form/field.tsx";

type ChoiceProps = {
  model: string;
  models: Answer<"GET /v1/models">["data"];
  onChange: (model: string) => void;
  /** The words for no model at all, where a stored prompt brings one. */
  own?: string | undefined;
};

const OTHER = "\n";

/** A model or endpoint from the list, or any other name a connection may know. */
export function ModelChoice({ model, models, onChange, own }: ChoiceProps) {
  const [isTyped, setIsTyped] = useState(false);
  const owners = [...new Set(models.map(({ owned_by: owner }) => owner))];
  const isListed = models.some(({ id }) => id === model);
  if (isTyped) {
    return (
      <TextInput
        aria-label="Model"
        autoFocus
        defaultValue={model}
        placeholder="connection-slug/model"
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        onBlur={(event) => {
          onChange(event.target.value.trim());
          setIsTyped(false);
        }}
      />
    );
  }
  return (
    <Select
      aria-label="Model"
      value={model}
      title={model}
      onChange={(event) => (event.target.value === OTHER ? setIsTyped(true) : onChange(event.target.value))}
      className="font-medium"
    >
      {own !== undefined && <option value="">{own}</option>}
      {!isListed && (own === undefined || model !== "") && <option value={model}>{model || "Choose a model"}</option>}
      {owners.map((owner) => (
        <optgroup key={owner} label={owner}>
          {models
            .filter(({ owned_by }) => owned_by === owner)
            .map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
        </optgroup>
      ))}
      <option value={OTHER}>Other model…</option>
    </Select>
  );
}
