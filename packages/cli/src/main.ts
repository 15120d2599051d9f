import { Command } from "commander";
import { addBisect } from "./commands/bisect.ts";
import { addChat } from "./commands/chat.ts";
import { addDataset } from "./commands/dataset.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEval } from "./commands/eval.ts";
import { addGate } from "./commands/gate.ts";
import { addJobs } from "./commands/jobs.ts";
import { addModel } from "./commands/model.ts";
import { addOptimize } from "./commands/optimize.ts";
import { addPrompt } from "./commands/prompt.ts";
import { addPull } from "./commands/pull.ts";
import { addServe } from "./commands/serve.ts";
import { addSweep } from "./commands/sweep.ts";
import { addTrain } from "./commands/train.ts";
import { addTrainer } from "./commands/trainer.ts";
import { addVersion, VERSION } from "./commands/version.ts";

const program = new Command("treadle")
  .description("The LLMOps platform under one roof. A command reaches a running server; `serve` starts one.")
  .version(VERSION, "-v, --version", "print the version")
  // After a command, --version is that command's: a version of a dataset.
  .enablePositionalOptions()
  .helpCommand(false)
  .showHelpAfterError("(`treadle --help` lists the commands and their options.)");

addServe(program);
addPull(program);
addDoctor(program);
addDataset(program);
addChat(program);
addPrompt(program);
addEval(program);
addGate(program);
addBisect(program);
addOptimize(program);
addTrain(program);
addSweep(program);
addTrainer(program);
addJobs(program);
addModel(program);
addVersion(program);

await program.parseAsync();
