import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { createTransport } from "nodemailer";
import { settingInvalid } from "../../identity/settings.ts";
import { NoticeRefused, type Notifier } from "../../notifications/notifier.ts";

const CONNECT_MS = 10_000;
const ANSWER_MS = 20_000;
/** A server that says this will say it again. */
const FOR_GOOD = 500;

interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
}

/**
 * Mails by the SMTP server of SMTP_URL, from CHANGE_MGMT_MAIL_FROM; undefined where no server is named. Refusal: SETTING_INVALID, which never
 * repeats the address, as it may hold a password.
 */
export function smtpNotifier(env: Readonly<Record<string, string | undefined>>): Outcome<Notifier | undefined> {
  const address = env.SMTP_URL?.trim() ?? "";
  if (address === "") return accept(undefined);
  const hint = "Such as smtps://user:password@mail.example.org, or smtp://mail.example.org:587.";
  if (!URL.canParse(address)) return settingInvalid("SMTP_URL", "is not an address.", hint);
  const { protocol, hostname, port, username, password } = new URL(address);
  if (protocol !== "smtp:" && protocol !== "smtps:")
    return settingInvalid("SMTP_URL", "is neither smtp nor smtps.", hint);
  if (hostname === "") return settingInvalid("SMTP_URL", "names no host.", hint);
  const from = env.CHANGE_MGMT_MAIL_FROM?.trim() ?? "";
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from))
    return settingInvalid(
      "CHANGE_MGMT_MAIL_FROM",
      "is not an e-mail address.",
      "Mails come from it; needed with SMTP_URL.",
    );
  const isTls = protocol === "smtps:";
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (isTls ? 465 : 587) : Number(port),
    secure: isTls,
    // A password goes over no wire that others can read.
    requireTLS: !isTls && username !== "",
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return accept({
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({
          from,
          to: { name: "", address: to },
          subject,
          text,
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        // Words of the library may repeat what was sent, a password among it.
        const { code = "unknown", responseCode } = error as SmtpFailure;
        const words = `the mail server did not take it (${[code, responseCode].filter(Boolean).join(" ")})`;
        if (code === "EENVELOPE" && responseCode !== undefined && responseCode >= FOR_GOOD)
          throw new NoticeRefused(words);
        throw new Error(words);
      }
    },
  });
}
