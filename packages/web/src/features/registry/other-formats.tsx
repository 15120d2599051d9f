import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CONVERSION_FORMATS, GGUF_TYPES } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { type Answer, explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Field, Select } from "../../components/field.tsx";
import { formatBytes } from "../../components/format.ts";
import { JobProgress } from "../../components/job-progress.tsx";
import { Section } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { useLiveJob } from "../jobs/index.ts";
import { useProject } from "../session/index.ts";
import type { Version } from "./use-registry.ts";

const PATH = "/api/v1/registry/models/:name/versions/:version/conversions";
type Conversion = Answer<`GET ${typeof PATH}`>["items"][number];
type Params = { name: string; version: string };

const WORDS = {
  gguf: "GGUF, for llama.cpp",
  safetensors: "safetensors, the whole model for Hugging Face's libraries",
  onnx: "ONNX, for transformers.js",
} as const;

/** A version in other formats: what was made of it and how it was checked, and a button that makes more. */
export function OtherFormats({ version }: { version: Pick<Version, "name" | "version"> }) {
  const { can } = useProject();
  const [isOpen, setOpen] = useState(false);
  const params = { name: version.name, version: String(version.version) };
  const made = useConversions(params);
  return (
    <Section
      title="Other formats"
      description="Made of this version's weights; its own files never change."
      action={can("models:write") && <Button onClick={() => setOpen(true)}>Make a format</Button>}
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
    return <p className="px-4 pb-4 text-muted">None yet. A GGUF may be rounded to fewer bits for less memory.</p>;
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
      title="Make a format"
      description="A job makes it, reads it back and compares it with the weights. An adapter is merged into its base first."
      close={close}
    >
      {start.data ? (
        <>
          {job && <JobProgress job={job} />}
          <DialogActions>
            <Button onClick={close}>{job?.status === "done" ? "Done" : "Close; it goes on"}</Button>
          </DialogActions>
        </>
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
              label="Type of the weights"
              help="Fewer bits take less memory and lose more; the report says how much."
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
              Make it
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
