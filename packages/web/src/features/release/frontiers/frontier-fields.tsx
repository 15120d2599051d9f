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
          <Select
            {...field}
            value={endpointId}
            onChange={({ target }) => show({ endpoint: target.value })}
            className="w-48!"
          >
            {endpoints.map((one) => (
              <option key={one.endpointId} value={one.endpointId}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Period">
        {(field) => (
          <Select
            {...field}
            value={search.days ?? 14}
            onChange={({ target }) => show({ days: Number(target.value) })}
            className="w-32!"
          >
            {DAYS.map((days) => (
              <option key={days} value={days}>
                {days === 1 ? "1 day" : `${days} days`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <QualityForm search={search} onShow={show} />
    </div>
  );
}

type QualityProps = Pick<Props, "search"> & { onShow: (next: FrontierSearch) => void };

function QualityForm({ search, onShow }: QualityProps) {
  const [quality, setQuality] = useState(search.quality ?? "success");
  const [margin, setMargin] = useState(search.margin ?? MARGIN);
  const [direction, setDirection] = useState(search.direction);
  const names = useSpanValues("scoreName", { range: "7d" }, "");
  const show = (event: FormEvent) => {
    event.preventDefault();
    onShow({ quality: quality.trim() || undefined, margin, direction });
  };
  return (
    <form onSubmit={show} className="flex flex-wrap items-end gap-3">
      <Field label="Quality">
        {(field) => (
          <TextInput
            {...field}
            list="qualities"
            value={quality}
            onChange={({ target }) => setQuality(target.value)}
            className="w-44!"
          />
        )}
      </Field>
      <datalist id="qualities">
        <option value="success" />
        {names.data?.items.map(({ value }) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <Field label="Better">
        {(field) => (
          <Select
            {...field}
            value={direction ?? "higher"}
            onChange={({ target }) => setDirection(target.value === "lower" ? "lower" : undefined)}
            className="w-28!"
          >
            <option value="higher">Higher</option>
            <option value="lower">Lower</option>
          </Select>
        )}
      </Field>
      <Field label="Margin">
        {(field) => (
          <NumberInput
            {...field}
            min={0.001}
            step="any"
            required
            value={margin}
            onChange={({ target }) => setMargin(target.valueAsNumber || 0)}
            className="w-24!"
          />
        )}
      </Field>
      <Button type="submit">Compare</Button>
    </form>
  );
}
