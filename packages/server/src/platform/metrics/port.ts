/** Values of a metric's labels, one for each name it was declared with. */
export type Labels = Readonly<Record<string, string>>;

export type MetricOptions = {
  /** For example `treadle_http_request_seconds`: the unit is part of the name. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
};

/** Numbers for Prometheus. Label values must come from small fixed sets: never ids, prompts or names that callers choose. */
export type Metrics = {
  counter(options: MetricOptions): { add(labels: Labels, value?: number): void };
  /** `buckets` are upper bounds in the metric's unit. The default is for seconds, from 1 ms to 5 min. */
  histogram(options: MetricOptions & { readonly buckets?: readonly number[] }): {
    observe(labels: Labels, value: number): void;
  };
  /** `read` is called at each scrape, so a gauge costs nothing in between. */
  gauge(
    options: MetricOptions & { readonly read: () => readonly { readonly labels: Labels; readonly value: number }[] },
  ): void;
  /** The page that Prometheus reads. */
  text(): Promise<{ contentType: string; body: string }>;
};
