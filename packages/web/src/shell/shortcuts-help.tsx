import { Modal } from "@mantine/core";
import { NAVIGATION } from "./navigation.ts";

const ELSEWHERE: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["Ctrl", "K"], "Go to a page or a change, or do something on this page"],
  [["j"], "Next change of a list"],
  [["k"], "The one before"],
  [["Enter"], "Open it"],
  [["Ctrl", "Enter"], "Send the comment"],
  [["Esc"], "Close what is open"],
  [["?"], "Show these keys"],
];

/** Tells which keys do what. */
export function ShortcutsHelp({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  const keys = [...NAVIGATION.map(({ title, key }) => [["g", key], `Go to ${title}`] as const), ...ELSEWHERE];
  return (
    <Modal opened={opened} onClose={close} title={<strong>Keyboard shortcuts</strong>}>
      <dl className="shortcuts data">
        {keys.map(([pressed, does]) => (
          <div key={does}>
            <dt>
              {pressed.map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
