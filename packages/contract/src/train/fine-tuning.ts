import { z } from "zod";
import { MAX_DOCUMENT_BYTES } from "../build/knowledge/documents.ts";
import { defineApi } from "../route.ts";

const auto = <Shape extends z.ZodType>(shape: Shape) => z.union([z.literal("auto"), shape]).nullish();
/** The settings of a fine-tuning job in OpenAI's format. */
export const FineTuningHyperparameters = z.looseObject({
  n_epochs: auto(z.number().int().min(1).max(50)),
  batch_size: auto(z.number().int().min(1).max(256)),
  learning_rate_multiplier: auto(z.number().positive().max(1_000)),
  beta: auto(z.number().positive().max(2)),
});
const hyperparameters = FineTuningHyperparameters.nullish();
const method = z
  .looseObject({
    type: z.enum(["supervised", "dpo", "reinforcement"]),
    supervised: z.looseObject({ hyperparameters }).nullish(),
    dpo: z.looseObject({ hyperparameters }).nullish(),
  })
  .nullish();

/** OpenAI's shape of a fine-tuning job; what Treadle reads is typed. `treadle` holds whatever else a configuration can say. */
export const FineTuningRequest = z.looseObject({
  model: z.string().trim().min(1).max(300),
  training_file: z.string().trim().min(1).max(200),
  validation_file: z.string().trim().min(1).max(200).nullish(),
  method,
  hyperparameters,
  suffix: z.string().trim().min(1).max(64).nullish(),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  treadle: z.record(z.string(), z.unknown()).nullish().describe("Keys of a training configuration, such as `lora`."),
});
export type FineTuningRequest = z.output<typeof FineTuningRequest>;

/** Files for vector stores. They can have any format, which is read when a store gets the file. */
export const FILE_PURPOSES_OF_STORES = ["assistants", "user_data"] as const;
/** Bytes of an upload at most, with the parts of the form around the file. */
const MAX_UPLOAD_BYTES = MAX_DOCUMENT_BYTES + 64 * 1024;

const id = z.string().max(200);
const after = id.optional();
const pageSize = z.coerce.number().int().min(1).max(1_000).optional();
const Page = z.looseObject({ after, limit: pageSize });
const fileParams = z.object({ fileId: id });
const jobParams = z.object({ fineTuningJobId: id });
/** A file or a fine-tuning job in the format of OpenAI. */
export const OpenAiObject = z.looseObject({}).describe("OpenAI's own format.");
const List = z.looseObject({ object: z.literal("list"), data: z.array(OpenAiObject) });

const job = (name: string, summary: string) =>
  ({ name, summary, permission: "training:write", params: jobParams, response: OpenAiObject, wire: "openai" }) as const;

/** OpenAI's files and fine-tuning jobs, so that its clients train here unchanged. Vector stores use the same files. */
export const fineTuningApi = defineApi({
  "POST /v1/files": {
    name: "uploadFile",
    summary: "OpenAI's file upload: multipart, for fine-tuning or for vector stores",
    permission: "training:write",
    description:
      "`purpose` is `fine-tune`, `assistants` or `user_data`. A file for fine-tuning is JSONL of at most 16 MiB; if a line cannot be used for training, the file is rejected, and the error names the line. Other files are documents for vector stores, of at most 100 MiB.",
    takes: "bytes",
    maxBytes: MAX_UPLOAD_BYTES,
    response: OpenAiObject,
    wire: "openai",
  },
  "GET /v1/files": {
    name: "listFiles",
    summary: "OpenAI's list of uploaded files",
    permission: "training:read",
    query: z.looseObject({
      after,
      limit: z.coerce.number().int().min(1).max(10_000).optional(),
      order: z.enum(["asc", "desc"]).optional(),
      purpose: z.string().max(60).optional(),
    }),
    response: List,
    wire: "openai",
  },
  "GET /v1/files/:fileId": {
    name: "retrieveFile",
    summary: "One uploaded file",
    permission: "training:read",
    params: fileParams,
    response: OpenAiObject,
    wire: "openai",
  },
  "GET /v1/files/:fileId/content": {
    name: "readFile",
    summary: "The bytes of an uploaded file",
    permission: "training:read",
    params: fileParams,
    response: z.unknown(),
    wire: "openai",
  },
  "DELETE /v1/files/:fileId": {
    name: "deleteFile",
    summary: "Delete an uploaded file; runs prepared from it keep their rows",
    permission: "training:write",
    params: fileParams,
    response: OpenAiObject,
    wire: "openai",
  },
  "POST /v1/fine_tuning/jobs": {
    name: "createFineTuningJob",
    summary: "Create a training run on this machine as OpenAI's fine-tuning job",
    permission: "training:write",
    description: "Settings that OpenAI's API does not have are below `treadle`.",
    body: FineTuningRequest,
    response: OpenAiObject,
    wire: "openai",
  },
  "GET /v1/fine_tuning/jobs": {
    name: "listFineTuningJobs",
    summary: "OpenAI's list of fine-tuning jobs, newest first",
    permission: "training:read",
    query: Page,
    response: List,
    wire: "openai",
  },
  "GET /v1/fine_tuning/jobs/:fineTuningJobId": {
    name: "retrieveFineTuningJob",
    summary: "One fine-tuning job",
    permission: "training:read",
    params: jobParams,
    response: OpenAiObject,
    wire: "openai",
  },
  "POST /v1/fine_tuning/jobs/:fineTuningJobId/cancel": job("cancelFineTuningJob", "Cancel a fine-tuning job"),
  "POST /v1/fine_tuning/jobs/:fineTuningJobId/pause": job("pauseFineTuningJob", "Pause a fine-tuning job"),
  "POST /v1/fine_tuning/jobs/:fineTuningJobId/resume": job("resumeFineTuningJob", "Resume a fine-tuning job"),
  "GET /v1/fine_tuning/jobs/:fineTuningJobId/events": {
    name: "listFineTuningEvents",
    summary: "The events of a fine-tuning job, newest first",
    permission: "training:read",
    params: jobParams,
    query: Page,
    response: List,
    wire: "openai",
  },
  "GET /v1/fine_tuning/jobs/:fineTuningJobId/checkpoints": {
    name: "listFineTuningCheckpoints",
    summary: "The checkpoints of a fine-tuning job, newest first",
    permission: "training:read",
    params: jobParams,
    query: Page,
    response: List,
    wire: "openai",
  },
});
