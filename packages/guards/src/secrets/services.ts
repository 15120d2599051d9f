import type { Pattern } from "../patterns/pattern.ts";
import { isNoPlaceholder, secret, token } from "./secret.ts";

/** Its keys have no mark but two letters before hexadecimal digits. */
const TWILIO_BEGINNINGS = [..."0123456789abcdef"].flatMap((digit) => [`ac${digit}`, `sk${digit}`]);

/** Keys of payment, mail and messages. */
export const serviceSecrets: readonly Pattern[] = [
  secret("slack-token", "Slack token or webhook", {
    hints: ["xox", "xapp-", "hooks.slack.com"],
    pattern:
      /(?<!\w)(?:xox[abeoprs]-[\w-]{10,250}|xapp-\d-[\w-]{20,250}|https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,100})/g,
    isValid: isNoPlaceholder,
  }),
  secret("stripe-key", "Stripe key", {
    hints: ["_live_", "_test_", "whsec_"],
    pattern: /(?<!\w)(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,120}|whsec_[A-Za-z0-9]{24,64})(?!\w)/g,
    isValid: isNoPlaceholder,
  }),
  token("square-token", "Square token", {
    hints: ["sq0", "eaaa"],
    form: "sq0(?:atp|csp)-[\\w-]{22,43}|EAAA[A-Za-z0-9_-]{60}",
  }),
  token("shopify-token", "Shopify token", {
    hints: ["shpat_", "shpca_", "shppa_", "shpss_"],
    form: "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
  }),
  secret("twilio-key", "Twilio key", { hints: TWILIO_BEGINNINGS, pattern: /(?<!\w)(?:AC|SK)[0-9a-f]{32}(?!\w)/g }),
  secret("sendgrid-key", "SendGrid key", {
    hints: ["sg."],
    pattern: /(?<!\w)SG\.[\w-]{16,32}\.[\w-]{32,64}(?![\w-])/g,
  }),
  token("mailchimp-key", "Mailchimp key", { hints: ["-us"], form: "[0-9a-f]{32}-us\\d{1,2}" }),
  token("mailgun-key", "Mailgun key", { hints: ["key-"], form: "key-[0-9a-f]{32}" }),
  token("brevo-key", "Brevo key", { hints: ["xkeysib-"], form: "xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}" }),
  secret("telegram-token", "Telegram bot token", {
    hints: [":aa"],
    pattern: /(?<!\w)\d{8,10}:AA[\w-]{33}(?![\w-])/g,
  }),
  secret("discord-webhook", "Discord webhook", {
    hints: ["/api/webhooks/"],
    pattern: /https:\/\/(?:\w{2,7}\.)?discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}/g,
  }),
  token("typeform-token", "Typeform token", { hints: ["tfp_"], form: "tfp_[A-Za-z0-9]{40,50}_[A-Za-z0-9]{10,20}" }),
];
