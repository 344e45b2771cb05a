import type { CallOutput } from "@change-mgmt/api/client.ts";
import { useAsk } from "../../data/ask.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { Link } from "../../ui/link.tsx";
import { Answer, Section } from "../../ui/page.tsx";

/** Says that what is shown is not what new changes follow, and leads to what is. */
export function Earlier({ version: { name, version } }: { readonly version: CallOutput<"processes.version"> }) {
  return (
    <div className="notice state-attention">
      <strong>This is version {version}, which is not in force any more.</strong>
      <p>
        Changes that were submitted under it still follow it. New changes follow{" "}
        <Link href={paths.process(name)}>the version in force</Link>.
      </p>
    </div>
  );
}

/** Every version that was ever in force, and how many changes follow each. */
export function Versions({ name, shown }: { readonly name: string; readonly shown: string }) {
  const versions = useAsk("processes.versions", { params: { name } });
  return (
    <Section
      title="Versions"
      aside={
        <Link href={paths.compareProcess(name)} className="link data">
          Compare, or try a file
        </Link>
      }
    >
      <Answer query={versions}>
        {({ items }) => (
          <ul className="versions data">
            {items.map(({ hash, version, since, inForce, changes }) => (
              <li key={hash}>
                {hash === shown ? (
                  <strong>Version {version}</strong>
                ) : (
                  <Link href={inForce ? paths.process(name) : paths.process(name, hash)}>Version {version}</Link>
                )}{" "}
                <span className="mono quiet">{hash.slice(0, 12)}</span> {inForce ? "in force, " : ""}brought here{" "}
                <Ago at={since} />, followed by {changes === 1 ? "1 change" : `${changes} changes`}
                {!inForce && (
                  <>
                    {" · "}
                    <Link href={paths.compareProcess(name, { before: hash })}>beside the one in force</Link>
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Section>
  );
}
