import { accept, type Outcome, refuse } from "../change/refusal.ts";

/** Fewest and most characters of a password, counted as people count them (code points). */
export const PASSWORD_LENGTH = { least: 12, most: 256 } as const;

/** Those of twelve and more characters that stand highest in every list of leaked passwords, and this product's own name. */
const COMMON: ReadonlySet<string> = new Set(
  `password1234 password12345 password123456 passwordpassword password123! password1234! passw0rd1234 p@ssw0rd1234 p@ssword1234
  123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 123456123456 123123123123 123412341234 112233445566
  098765432109 987654321098 0987654321098 121212121212 147258369147 159753159753 101010101010 123321123321 111222333444
  qwertyuiopas qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty qwertzuiopas
  qwertzuiop123 qwertz123456 azertyuiopqs azerty123456 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 1qaz2wsx3edc4rfv q1w2e3r4t5y6
  zaq12wsxcde3 zaq1xsw2cde3 asdfghjkl123 asdfghjklqwe asdfasdfasdf zxcvbnmasdfg abcdefghijkl abcdefghijklm abcd12345678
  abc123456789 abc123abc123 a1b2c3d4e5f6 aa1234567890 a1234567890a iloveyou1234 iloveyou12345 iloveyouforever iloveyousomuch
  welcome12345 welcome123456 welcome2024! welcome2025! welcome2026! changeme1234 changeme12345 changemenow! changemeplease
  letmein12345 letmein123456 letmeinplease administrator administrator1 administrator123 admin1234567 admin12345678 adminadmin123
  adminadminadmin superadmin123 rootrootroot root12345678 test12345678 testtesttest testpassword testpassword1 guest1234567
  football1234 baseball1234 basketball12 liverpool123 sunshine1234 princess1234 michael12345 computer1234 internet1234
  trustno1trustno1 correcthorsebatterystaple mypassword123 mypassword1234 newpassword123 secretpassword thisismypassword
  temppassword temporary123 default12345 summer202412 winter202412 summer2025!! winter2025!! postgrespostgres postgres1234
  passwort1234 passwort12345 hallo1234567 schatzschatz motdepasse123 contraseña123 contrasena123 wachtwoord123 senha1234567
  changemanagement change-management change-mgmt1 change-mgmt12 change-mgmt123`.split(/\s+/),
);

/** What a password is held against: nobody's password is their own name. */
export interface PasswordOwner {
  readonly handle: string;
  readonly name: string;
  readonly email: string | null;
}

/**
 * Whether a password may be set: long enough, not among the most common, not a repetition, not its owner's name. There are no rules about
 * kinds of characters. Refusal: PASSWORD_WEAK, which never repeats the password.
 */
export function checkPassword(password: string, owner: PasswordOwner): Outcome<true> {
  const text = normalPassword(password);
  const length = [...text].length;
  if (length < PASSWORD_LENGTH.least) {
    return weak(
      `The password has fewer than ${PASSWORD_LENGTH.least} characters.`,
      "Take a sentence or several words; no special signs are needed.",
    );
  }
  if (length > PASSWORD_LENGTH.most) {
    return weak(`The password has more than ${PASSWORD_LENGTH.most} characters.`, "Take a shorter one.");
  }
  const plain = text.toLowerCase();
  if (COMMON.has(plain) || new Set(plain).size < 4) {
    return weak(
      "The password is among those that are guessed first.",
      "Take several words that do not belong together.",
    );
  }
  const names = [owner.handle, owner.name, owner.email, owner.email?.split("@")[0]]
    .filter((name) => name != null && name !== "")
    .map((name) => squeezed(name!));
  if (names.some((name) => name === squeezed(plain) || squeezed(plain) === name.repeat(2))) {
    return weak("The password is your own name or address.", "Take several words that others would not think of.");
  }
  return accept(true);
}

/** A password in the one form in which it is hashed, however a keyboard composes its letters. */
export function normalPassword(password: string): string {
  return password.normalize("NFKC");
}

function squeezed(text: string): string {
  return text.toLowerCase().replace(/[\s._-]/g, "");
}

function weak(message: string, hint: string): Outcome<true> {
  return refuse("PASSWORD_WEAK", message, hint, { place: { pointer: "/password" } });
}
