import type { Command } from "commander";
import type { Io } from "../shared/io.ts";
import type { addComplete } from "./complete.ts";

type Whole = Parameters<typeof addComplete>[2];

/** A command written by hand. It is loaded when it is called, so that the others do not wait for it. */
type HandWritten = {
  readonly name: string;
  readonly alias?: string;
  readonly group: "Server" | "Observe" | "Build and data" | "Evaluate" | "Train" | "Command line";
  readonly description: string;
  /** Left out of the help. */
  readonly isHidden?: boolean;
  readonly load: () => Promise<(program: Command, io: Io, whole: Whole) => void>;
};

/** Every command written by hand, in the order of the help. */
export const HAND_WRITTEN: readonly HandWritten[] = [
  {
    name: "serve",
    group: "Server",
    description: "start the server; other settings are environment variables (docs/reference/config.md)",
    load: async () => (await import("./serve.ts")).addServe,
  },
  {
    name: "doctor",
    group: "Server",
    description: "check this machine and the server, and show how to fix problems",
    load: async () => (await import("./doctor.ts")).addDoctor,
  },
  {
    name: "pull",
    group: "Server",
    description: "download a model, so that the server can run it",
    load: async () => (await import("./train/pull.ts")).addPull,
  },
  {
    name: "job",
    group: "Server",
    description: "jobs such as imports: list and cancel them",
    load: async () => (await import("./jobs.ts")).addJobs,
  },
  {
    name: "project",
    group: "Server",
    description: "projects: list, create, rename, archive, restore and delete them",
    load: async () => (await import("./project.ts")).addProject,
  },
  {
    name: "traces",
    group: "Observe",
    description: "list recent traces, newest first, with a filter",
    load: async () => (await import("./traces.ts")).addTraces,
  },
  {
    name: "tail",
    group: "Observe",
    description: "show new spans as they arrive",
    load: async () => (await import("./tail.ts")).addTail,
  },
  {
    name: "notifications",
    group: "Observe",
    description: "follow new notifications: treadle notifications tail --severity critical",
    load: async () => (await import("./notifications.ts")).addNotifications,
  },
  {
    name: "sql",
    group: "Observe",
    description: "query spans and scores with SQL",
    load: async () => (await import("./sql.ts")).addSql,
  },
  {
    name: "open",
    group: "Observe",
    description: "open the page of an object by its id",
    load: async () => (await import("./open.ts")).addOpen,
  },
  {
    name: "chat",
    group: "Build and data",
    description: "talk to a model through the gateway; every answer is a trace",
    load: async () => (await import("./chat.ts")).addChat,
  },
  {
    name: "prompt",
    group: "Build and data",
    description: "prompts, also as files in a repository: pull, push, diff",
    load: async () => (await import("./prompt/prompt.ts")).addPrompt,
  },
  {
    name: "dataset",
    group: "Build and data",
    description: "datasets: create, import, export, compare, curate, generate",
    load: async () => (await import("./dataset/dataset.ts")).addDataset,
  },
  {
    name: "eval",
    group: "Evaluate",
    description: "run a suite and show the scores of each variant",
    load: async () => (await import("./evaluate/eval.ts")).addEval,
  },
  {
    name: "gate",
    group: "Evaluate",
    description: "decide whether a change passes: run a suite, or use existing runs, and compare with a base",
    load: async () => (await import("./evaluate/gate.ts")).addGate,
  },
  {
    name: "runs",
    group: "Evaluate",
    description: "list evaluation runs with their ids and scores, newest first",
    load: async () => (await import("./evaluate/runs.ts")).addRuns,
  },
  {
    name: "compare",
    group: "Evaluate",
    description: "compare runs score by score",
    load: async () => (await import("./evaluate/compare.ts")).addCompare,
  },
  {
    name: "bisect",
    group: "Evaluate",
    description: "find the change between a good and a bad run that lowered a score",
    load: async () => (await import("./evaluate/bisect.ts")).addBisect,
  },
  {
    name: "queues",
    group: "Evaluate",
    description: "list annotation queues with their progress",
    load: async () => (await import("./evaluate/queues.ts")).addQueues,
  },
  {
    name: "optimize",
    alias: "optimise",
    group: "Evaluate",
    description: "search for a better version of a prompt, and test it on unseen items",
    load: async () => (await import("./evaluate/optimize.ts")).addOptimize,
  },
  {
    name: "train",
    group: "Train",
    description: "train a model from a YAML file, and follow the run",
    load: async () => (await import("./train/train.ts")).addTrain,
  },
  {
    name: "sweep",
    group: "Train",
    description: "search training settings: one run after another, then repeat the best with other seeds",
    load: async () => (await import("./train/sweep.ts")).addSweep,
  },
  {
    name: "trainer",
    group: "Train",
    description: "the Python environment that trains models: install it, check it",
    load: async () => (await import("./train/trainer.ts")).addTrainer,
  },
  {
    name: "model",
    group: "Train",
    description: "registered models: list, show, import, export, promote",
    load: async () => (await import("./train/model.ts")).addModel,
  },
  {
    name: "login",
    group: "Command line",
    description: "store a server, a key and a project as a profile",
    load: async () => (await import("./login.ts")).addLogin,
  },
  {
    name: "profile",
    group: "Command line",
    description: "stored servers: list, use, delete",
    load: async () => (await import("./profile.ts")).addProfile,
  },
  {
    name: "api",
    group: "Command line",
    description: "call any path of the API: treadle api GET /api/v1/datasets",
    load: async () => (await import("./api.ts")).addApi,
  },
  {
    name: "completion",
    group: "Command line",
    description: "print a completion script for bash, zsh or fish",
    load: async () => (await import("./completion.ts")).addCompletion,
  },
  {
    name: "complete",
    group: "Command line",
    description: "list completions of a command line; for completion scripts",
    isHidden: true,
    load: async () => (await import("./complete.ts")).addComplete,
  },
  {
    name: "version",
    group: "Command line",
    description: "print the versions of Treadle and Node, and the platform",
    load: async () => (await import("./version.ts")).addVersion,
  },
];
