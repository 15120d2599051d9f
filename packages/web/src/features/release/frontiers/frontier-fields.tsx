import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Answer } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { useSpanValues } from "../../observe/filter/index.ts";
import type { FrontierSearch } from "./use-frontier.ts";

type Props = {
  endpoints: Answer<"GET /api/v1/endpoints">["items"];
  endpointId: string;
  search: FrontierSearch;
};

const DAYS = [1, 7, 14, 30, 90];
const MARGIN = 0.02;

/** The endpoint, what quality is, and the loss that is acceptable. */
export function FrontierFields({ endpoints, endpointId, search }: Props) {
  const navigate = useNavigate();
  const show = (next: FrontierSearch) => void navigate({ to: "/frontier", search: { ...search, ...next } });
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label="Endpoint">
        {(field) => (
          <Select {...field} value={endpointId} onChange={({ target }) => show({ endpoint: target.value })}>
            {endpoints.map((one) => (
              <option key={one.endpointId} value={one.endpointId}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <PeriodField days={search.days ?? 14} onChange={(days) => show({ days })} />
      <QualityForm search={search} onShow={show} />
    </div>
  );
}

const PeriodField = ({ days: current, onChange }: { days: number; onChange: (days: number) => void }) => (
  <Field label="Period">
    {(field) => (
      <Select {...field} value={current} onChange={({ target }) => onChange(Number(target.value))}>
        {DAYS.map((days) => (
          <option key={days} value={days}>
            {days === 1 ? "1 day" : `${days} days`}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

type Quality = Pick<FrontierSearch, "quality" | "direction" | "margin">;
type QualityProps = { search: Quality; onShow: (next: Quality) => void };

function QualityForm({ search, onShow }: QualityProps) {
  const [wanted, setWanted] = useState<Quality>({ quality: "success", margin: MARGIN, ...defined(search) });
  const change = (next: Quality) => setWanted({ ...wanted, ...next });
  const show = (event: FormEvent) => {
    event.preventDefault();
    onShow({ ...wanted, quality: wanted.quality?.trim() || undefined });
  };
  return (
    <form onSubmit={show} className="flex flex-wrap items-end gap-3">
      <QualityField wanted={wanted} onChange={change} />
      <DirectionField wanted={wanted} onChange={change} />
      <Field label="Margin">
        {(field) => (
          <NumberInput
            {...field}
            min={0.001}
            step="any"
            required
            value={wanted.margin ?? ""}
            onChange={({ target }) => change({ margin: target.valueAsNumber || undefined })}
            className="w-24!"
          />
        )}
      </Field>
      <Button type="submit">Compare</Button>
    </form>
  );
}

/** The fields that the address has. */
const defined = ({ quality, direction, margin }: Quality): Quality => ({
  ...(quality && { quality }),
  ...(direction && { direction }),
  ...(margin && { margin }),
});

type WantedProps = { wanted: Quality; onChange: (next: Quality) => void };

function QualityField({ wanted: { quality }, onChange }: WantedProps) {
  const names = useSpanValues("scoreName", { range: "7d" }, "");
  return (
    <Field label="Quality">
      {(field) => (
        <>
          <TextInput
            {...field}
            list="qualities"
            value={quality ?? ""}
            onChange={({ target }) => onChange({ quality: target.value })}
            className="w-44!"
          />
          <datalist id="qualities">
            <option value="success" />
            {names.data?.items.map(({ value }) => (
              <option key={value} value={value} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

const DirectionField = ({ wanted: { direction }, onChange }: WantedProps) => (
  <Field label="Better">
    {(field) => (
      <Select
        {...field}
        value={direction ?? "higher"}
        onChange={({ target }) => onChange({ direction: target.value === "lower" ? "lower" : undefined })}
      >
        <option value="higher">Higher</option>
        <option value="lower">Lower</option>
      </Select>
    )}
  </Field>
);
