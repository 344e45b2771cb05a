import { Button, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { queryClient, useAct } from "../../data/ask.ts";
import type { Me } from "../../data/types.ts";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Secret } from "../../ui/secret.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { QrCode } from "./qr-code.tsx";

/** What the server says of how the person signs in. */
export type Account = NonNullable<Me["account"]>;

const reread = () => queryClient.invalidateQueries({ queryKey: ["me"] });

/** The second factor: enrolling one with an authenticator app, or removing it with one of its codes. */
export function SecondFactor({ account }: { readonly account: Account }) {
  // Kept here, because the form that made them goes as soon as the factor counts.
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <Stack gap="sm">
      <h3 className="settings-part">
        Second factor{" "}
        <StateBadge
          state={account.factor ? "done" : "waiting"}
          words={account.factor ? "in use" : "not in use"}
          kind={account.factor ? "good" : "waiting"}
        />
      </h3>
      {codes && (
        <Secret title="Recovery codes, shown this once" value={codes.join("  ")} onClose={() => setCodes(undefined)}>
          Keep them where your phone is not. Each lets you in once without the app.
        </Secret>
      )}
      {account.factor ? (
        <Remove recoveryCodes={account.recoveryCodes} />
      ) : (
        <Enrol hasPassword={account.password} onEnrolled={setCodes} />
      )}
    </Stack>
  );
}

function Enrol(props: { readonly hasPassword: boolean; readonly onEnrolled: (codes: readonly string[]) => void }) {
  const { hasPassword, onEnrolled } = props;
  const enrol = useAct("factor.enrol");
  const confirm = useAct("factor.confirm");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const begin = (event: FormEvent) => {
    event.preventDefault();
    enrol.run({ body: hasPassword ? { password } : {} });
  };
  const finish = async (event: FormEvent) => {
    event.preventDefault();
    const confirmed = await confirm.run({ body: { code: code.replaceAll(" ", "") } });
    if (confirmed) onEnrolled(confirmed.recoveryCodes);
  };
  if (!enrol.answer) {
    return (
      <form noValidate onSubmit={begin}>
        <Stack gap="sm" maw={420}>
          {hasPassword && (
            <PasswordInput
              label="Password, to begin"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
            />
          )}
          {enrol.problem && <ProblemNotice problem={enrol.problem} />}
          <div>
            <Button type="submit" variant="default" loading={enrol.pending} disabled={hasPassword && password === ""}>
              Use an authenticator app
            </Button>
          </div>
        </Stack>
      </form>
    );
  }
  return (
    <form noValidate onSubmit={finish}>
      <Stack gap="sm" maw={520}>
        <div className="factor-secret">
          <QrCode text={enrol.answer.uri} label="QR code with the secret, for the camera of your authenticator app" />
          <p>
            Scan it with the app,{" "}
            <a className="link" href={enrol.answer.uri}>
              open it in the app on this device
            </a>
            , or type this into the app: <span className="mono">{enrol.answer.secret.match(/.{1,4}/g)?.join(" ")}</span>
          </p>
        </div>
        <TextInput
          label="The six digits the app shows"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          maw={220}
        />
        {confirm.problem && <ProblemNotice problem={confirm.problem} />}
        <Group gap={8}>
          <Button type="submit" loading={confirm.pending} disabled={code.trim().length < 6}>
            Confirm
          </Button>
          <Button variant="default" onClick={enrol.reset}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Remove({ recoveryCodes }: { readonly recoveryCodes: number }) {
  const remove = useAct("factor.remove");
  const [code, setCode] = useState("");
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (await remove.run({ body: { code: code.replaceAll(" ", "") } })) await reread();
  };
  return (
    <form noValidate onSubmit={send}>
      <Stack gap="sm" maw={420}>
        <p className="quiet data" style={{ margin: 0 }}>
          {recoveryCodes === 1 ? "One recovery code is left." : `${recoveryCodes} recovery codes are left.`}
        </p>
        <TextInput
          label="A code of the app, to remove it"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          maw={220}
        />
        {remove.problem && <ProblemNotice problem={remove.problem} />}
        <div>
          <Button type="submit" variant="default" loading={remove.pending} disabled={code.trim().length < 6}>
            Remove the second factor
          </Button>
        </div>
      </Stack>
    </form>
  );
}
