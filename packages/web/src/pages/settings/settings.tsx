import { PERMISSIONS, type Permission } from "@change-mgmt/domain/identity/permissions.ts";
import { SegmentedControl, Stack, useMantineColorScheme } from "@mantine/core";
import { useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Me } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/link.tsx";
import { Answer, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";
import { SampleWorkspace } from "./sample.tsx";
import { SigningIn } from "./signing-in.tsx";
import { StandIns } from "./stand-ins.tsx";
import { Tokens } from "./tokens.tsx";
import "./settings.css";

/** Who am I here, and what may I do? */
export default function SettingsPage() {
  const me = useAsk("me");
  return (
    <Page
      title="Settings"
      answer={
        me.data && (
          <span>
            You are <strong>{me.data.name}</strong> (<span className="mono">{me.data.handle}</span>).
          </span>
        )
      }
    >
      <Answer query={me} loading={<LoadingSections sections={3} height={170} />}>
        {(data) => (
          <Stack gap="md">
            <WhoIAm me={data} />
            {data.account && permitOf(data, "account.own").allowed && <SigningIn account={data.account} />}
            <StandIns me={data} />
            <Tokens me={data} />
            <Appearance />
            <WhatIMayDo me={data} />
            <SampleWorkspace me={data} />
          </Stack>
        )}
      </Answer>
    </Page>
  );
}

function WhoIAm({ me: { handle, roles, teams, scopes } }: { readonly me: Me }) {
  return (
    <Section title="Who I am">
      <dl className="settings-facts data">
        <dt>Roles</dt>
        <dd>{roles.join(", ") || "none"}</dd>
        <dt>Teams</dt>
        <dd>{teams.join(", ") || "none"}</dd>
        <dt>This session</dt>
        <dd>
          {scopes === null
            ? "may do everything you may"
            : `is limited to ${scopes.join(", ") || "nothing"}, whatever you may`}
        </dd>
        <dt>More</dt>
        <dd>
          <Link href={paths.people({ person: handle })}>How others see you</Link>
        </dd>
      </dl>
    </Section>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Appearance">
      <SegmentedControl
        aria-label="Appearance"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
        data={[
          { value: "auto", label: "As the system" },
          { value: "light", label: "Light" },
          { value: "dark", label: "Dark" },
        ]}
      />
    </Section>
  );
}

function WhatIMayDo({ me: { permissions } }: { readonly me: Me }) {
  const all = (Object.keys(PERMISSIONS) as Permission[]).filter(
    (permission) => PERMISSIONS[permission].roles.length > 0,
  );
  const may = all.filter((permission) => permissions.includes(permission));
  const mayNot = all.filter((permission) => !permissions.includes(permission));
  return (
    <Section
      title="What I may do"
      aside={
        <span className="quiet data">
          {may.length} of {all.length}
        </span>
      }
    >
      <div className="permissions data">
        <ul aria-label="What I may do">
          {may.map((permission) => (
            <li key={permission}>
              <Mark kind="good" words="may" /> {PERMISSIONS[permission].words}
            </li>
          ))}
        </ul>
        <ul aria-label="What I may not do" className="quiet">
          {mayNot.map((permission) => (
            <li key={permission}>
              <Mark kind="waiting" words="may not" /> {PERMISSIONS[permission].words}
              <span>: {PERMISSIONS[permission].roles.join(", ")}</span>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}
