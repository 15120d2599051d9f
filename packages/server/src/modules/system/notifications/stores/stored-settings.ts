/** The settings of a channel that are stored in plain text. */
export type StoredSettings =
  | { readonly kind: "webhook"; readonly url: string }
  | { readonly kind: "slack" | "teams"; readonly host: string }
  | {
      readonly kind: "email";
      readonly host: string;
      readonly port: number;
      readonly security: "tls" | "starttls" | "none";
      readonly username: string;
      readonly from: string;
      readonly to: string[];
    }
  | { readonly kind: "pagerduty"; readonly url: string };

/** The secrets of a channel. They are stored encrypted. */
export type ChannelSecrets = {
  readonly url?: string | undefined;
  readonly password?: string | undefined;
  readonly routingKey?: string | undefined;
  /** Signing secrets, newest first. An old one signs until its time. */
  readonly signing?: readonly { readonly value: string; readonly until: number | null }[] | undefined;
};
