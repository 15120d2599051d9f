import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CONVERSION_FORMATS, GGUF_TYPES } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { type Answer, explain } from "../../../../api.ts";
import { StartedJob } from "../../../../components/feedback/started-job.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatBytes } from "../../../../components/text/format.ts";
import { useLiveJob } from "../../../system/jobs/index.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Version } from "../shared/use-registry.ts";

const PATH = "/api/v1/registry/models/:name/versions/:version/conversions";
type Conversion = Answer<`GET ${typeof PATH}`>["items"][number];
type Params = { name: string; version: string };

const WORDS = {
  gguf: "GGUF (llama.cpp)",
  safetensors: "safetensors (full model for Hugging Face libraries)",
  onnx: "ONNX (transformers.js)",
} as const;

/** The conversions of a version with their checks, and a button to create one. */
export function OtherFormats({ version }: { version: Pick<Version, "name" | "version"> }) {
  const { can } = useProject();
  const [isOpen, setOpen] = useState(false);
  const params = { name: version.name, version: String(version.version) };
  const made = useConversions(params);
  return (
    <Section
      title="Other formats"
      description="Conversions of this version's weights. The original files never change."
      action={can("models:write") && <Button onClick={() => setOpen(true)}>Convert</Button>}
    >
      <List params={params} made={made} />
      {isOpen && <ConvertDialog params={params} close={() => setOpen(false)} />}
    </Section>
  );
}

function List({ params, made }: { params: Params; made: ReturnType<typeof useConversions> }) {
  if (made.error && !made.data) return <ErrorState error={made.error} retry={() => made.refetch()} />;
  if (!made.data) return <Skeleton className="m-4 h-12" />;
  if (made.data.length === 0)
    return <p className="px-4 pb-4 text-muted">No conversions yet. A GGUF file can be quantized to use less memory.</p>;
  return (
    <ul className="divide-y divide-line border-line border-t">
      {made.data.map((one) => (
        <Made key={one.conversionId} params={params} made={one} />
      ))}
    </ul>
  );
}

function Made({ params, made }: { params: Params; made: Conversion }) {
  const { can } = useProject();
  const remove = useRemove(params);
  const type = made.quantization === "" ? "" : ` --quantization ${made.quantization}`;
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="font-medium">{[made.format, made.quantization].join(" ").trim()}</span>
        <span className="num text-muted">
          {formatBytes(made.sizeBytes)}, {made.files.length === 1 ? "1 file" : `${made.files.length} files`}
        </span>
        <code className="text-muted" title={made.sha256}>
          {made.sha256.slice(0, 16)}
        </code>
        {can("models:write") && (
          <Button
            kind="quiet"
            className="ml-auto"
            isBusy={remove.isPending}
            onClick={() => remove.mutate(made.conversionId)}
          >
            Delete
          </Button>
        )}
      </div>
      <ul className="list-disc pl-5 text-sm text-muted">
        {made.checks.map(({ name, message }) => (
          <li key={name} className="[overflow-wrap:anywhere]">
            {message}
          </li>
        ))}
      </ul>
      <code className="text-xs [overflow-wrap:anywhere]">
        treadle model export {params.name}@v{params.version} --format {made.format}
        {type}
      </code>
    </li>
  );
}

function ConvertDialog({ params, close }: { params: Params; close: () => void }) {
  const [format, setFormat] = useState<Conversion["format"]>("gguf");
  const [type, setType] = useState("Q8_0");
  const start = useConvert(params);
  const refresh = useRefresh(params);
  const { data: job } = useLiveJob(start.data?.jobId, refresh);
  function submit(event: FormEvent) {
    event.preventDefault();
    start.mutate(format === "gguf" ? { format, quantization: type } : { format });
  }
  return (
    <Dialog
      title="Convert to another format"
      description="A job converts the weights, reads the result back and compares both. An adapter is merged into its base first."
      close={close}
    >
      {start.data ? (
        <StartedJob job={job} close={close} />
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Format" error={start.error ? explain(start.error) : undefined}>
            {(field) => (
              <Select
                {...field}
                value={format}
                onChange={(event) => setFormat(CONVERSION_FORMATS.find((one) => one === event.target.value) ?? "gguf")}
              >
                {CONVERSION_FORMATS.map((one) => (
                  <option key={one} value={one}>
                    {WORDS[one]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {format === "gguf" && (
            <Field
              label="Weight type"
              help="Fewer bits use less memory and lose more accuracy. The report shows how much."
            >
              {(field) => (
                <Select {...field} value={type} onChange={(event) => setType(event.target.value)}>
                  {GGUF_TYPES.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" kind="primary" isBusy={start.isPending}>
              Convert
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}

function useConversions(params: Params) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["registry", id, params.name, "conversions", params.version],
    queryFn: async ({ signal }) => (await client.call(`GET ${PATH}`, { params, signal })).items,
  });
}

function useRefresh({ name }: Params) {
  const { id } = useProject();
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["registry", id, name] });
}

function useConvert(params: Params) {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { format: Conversion["format"]; quantization?: string }) =>
      client.call(`POST ${PATH}`, { params, body }),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["active-jobs"] }),
  });
}

function useRemove(params: Params) {
  const { client } = useProject();
  return useMutation({
    mutationFn: (conversionId: string) =>
      client.call(`DELETE ${PATH}/:conversionId`, { params: { ...params, conversionId } }),
    meta: { failure: "The format was not deleted" },
    onSuccess: useRefresh(params),
  });
}
