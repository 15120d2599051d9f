import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";

/** How many of a task's samples there are and how many of them pass. */
export type Passes = { readonly samples: number; readonly passed: number };

/**
 * The probability that at least one of k samples passes, unbiased (Chen et al. 2021): 1 − Π (1 − k/i) for i from
 * samples − passed + 1 to samples. It is left open with fewer than k samples.
 */
export function passAtK(task: Passes, k: number): Measured {
  return ofTask(task, k, AT_LEAST_ONE);
}

/** The probability that all of k samples pass, unbiased: C(passed, k) / C(samples, k). How far a task can be relied on. */
export function passHatK(task: Passes, k: number): Measured {
  return ofTask(task, k, ALL);
}

/** The mean of pass@k over tasks. */
export function meanPassAtK(tasks: readonly Passes[], k: number): Measured {
  return ofTasks(tasks, k, AT_LEAST_ONE);
}

/** The mean of pass^k over tasks. */
export function meanPassHatK(tasks: readonly Passes[], k: number): Measured {
  return ofTasks(tasks, k, ALL);
}

type Estimator = { readonly name: string; readonly of: (task: Passes, k: number) => number };

const AT_LEAST_ONE: Estimator = {
  name: "pass@",
  of: ({ samples, passed }, k) => {
    if (samples - passed < k) return 1;
    let none = 1;
    for (let i = samples - passed + 1; i <= samples; i += 1) none *= 1 - k / i;
    return 1 - none;
  },
};

const ALL: Estimator = {
  name: "pass^",
  of: ({ samples, passed }, k) => {
    let every = 1;
    for (let i = 0; i < k; i += 1) every *= Math.max(0, passed - i) / (samples - i);
    return every;
  },
};

function ofTask(task: Passes, k: number, { name, of }: Estimator): Measured {
  mustBePasses(task, k);
  const signature = signatureOf(`${name}${k}`, { estimate: "unbiased" });
  if (task.samples < k) {
    return undefinedBecause(`There are ${task.samples} samples, and ${k} are drawn of them.`, signature);
  }
  return defined(of(task, k), signature);
}

function ofTasks(tasks: readonly Passes[], k: number, estimator: Estimator): Measured {
  const signature = signatureOf(`${estimator.name}${k}`, { estimate: "unbiased", over: "tasks" });
  if (tasks.length === 0) return undefinedBecause("There is no task.", signature);
  let sum = 0;
  for (const [at, task] of tasks.entries()) {
    const { value, reason } = ofTask(task, k, estimator);
    if (value === null) return undefinedBecause(`Task ${at}: ${reason}`, signature);
    sum += value;
  }
  return defined(sum / tasks.length, signature);
}

function mustBePasses({ samples, passed }: Passes, k: number): void {
  const isCount = (value: number) => Number.isInteger(value) && value >= 0;
  if (!isCount(samples) || !isCount(passed) || passed > samples) {
    throw new RangeError(`${passed} of ${samples} samples pass, which cannot be.`);
  }
  if (!isCount(k) || k < 1) throw new RangeError(`k is ${k}. It must be a whole number from 1.`);
}
