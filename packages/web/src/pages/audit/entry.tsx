import type { AuditEntry } from "@change-mgmt/domain/audit/entry.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Link } from "../../ui/link.tsx";
import { StateBadge } from "../../ui/state.tsx";

/** One entry in a line; opened, everything it says in the blocks it is kept in. */
export function Entry(props: { readonly seq: number | null; readonly hash: string; readonly entry: AuditEntry }) {
  const { seq, hash, entry } = props;
  const { actor, event_type, timestamp, change_request_id, outcome, details } = entry;
  const gist = gistOf(details);
  return (
    <li>
      <details className="entry">
        <summary>
          <span className="entry-when quiet data">
            <Ago at={timestamp} still />
          </span>
          <span className="entry-what">
            <Handle of={actor.handle} /> <span className="mono">{event_type}</span> {change_request_id ?? ""}{" "}
            {outcome === "refused" && <StateBadge state="failed" words="refused" />}
            {gist && <span className="quiet data entry-gist">{gist}</span>}
          </span>
        </summary>
        <div className="blocks">
          {change_request_id && (
            <p className="whole">
              <Link href={paths.change(change_request_id)}>{change_request_id}</Link>
            </p>
          )}
          <Block
            title="Who"
            values={{
              person: actor.handle,
              roles: actor.user_roles,
              "from address": actor.ip_address,
              "user id": actor.user_id,
            }}
          />
          <Block title="When and where" values={{ time: timestamp, runtime: entry.runtime_version, outcome }} />
          {entry.change_details && <Block title="Change" values={{ ...entry.change_details }} />}
          {entry.approval_details && <Block title="Approval" values={{ ...entry.approval_details }} />}
          {entry.validation_details && <Block title="Validation" values={{ ...entry.validation_details }} />}
          {entry.deployment_details && <Block title="Deployment" values={{ ...entry.deployment_details }} />}
          {Object.keys(details).length > 0 && <Block title="Details" values={details} />}
          <Block
            title="Seal"
            values={{
              entry: entry.audit_id,
              "place in the trail": seq ?? "not sealed yet",
              hash,
              stream: `${entry.stream}, entry ${entry.stream_seq}`,
              "entry before": entry.stream_prev,
            }}
          />
        </div>
      </details>
    </li>
  );
}

function Block({ title, values }: { readonly title: string; readonly values: Readonly<Record<string, unknown>> }) {
  return (
    <div className="block">
      <h3>{title}</h3>
      <dl className="data pairs">
        {Object.entries(values)
          .filter(([, value]) => value !== null && value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name.replaceAll("_", " ")}</dt>
              <dd>{shown(value)}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}

function shown(value: unknown) {
  if (typeof value === "string") return /^[0-9a-f-]{32,}$/.test(value) ? <span className="mono">{value}</span> : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((member) => typeof member !== "object")) return value.join(", ") || "none";
  if (typeof value === "object") return <pre className="mono">{JSON.stringify(value, null, 2)}</pre>;
  return String(value);
}

/** The part of an entry's details that says most in a line. */
function gistOf(details: AuditEntry["details"]): string | undefined {
  const { message, reason, title, from, to, environment, impact, text } = details;
  const move = typeof from === "string" && typeof to === "string" ? `${from} → ${to}` : undefined;
  const said = [message, title, reason, impact, text].find((part) => typeof part === "string") as string | undefined;
  return (
    [typeof environment === "string" ? environment : undefined, move, said].filter(Boolean).join(" · ") || undefined
  );
}
