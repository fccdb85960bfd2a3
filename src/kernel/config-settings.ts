/** A setting that cannot be used. Its message is one line: the setting, what was given, what to do. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  constructor(
    readonly setting: string,
    problem: string,
    remedy: string,
  ) {
    super(`${setting} ${problem}: ${remedy}.`.replace(/\s+/g, ' '));
  }
}

/** Reads single settings from the environment and says plainly what is wrong with one. */
export class Settings {
  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** The trimmed value, or null when not set or empty. */
  text(name: string): string | null {
    return this.env[name]?.trim() || null;
  }

  whole(name: string, fallback: number, min: number, max: number): number {
    const given = this.text(name);
    if (given === null) return fallback;
    const number = Number(given);
    if (!/^\d{1,9}$/.test(given) || number < min || number > max) {
      throw new SettingError(name, `is "${given}"`, `give a whole number from ${min} to ${max}`);
    }
    return number;
  }

  portOrOff(name: string, fallback: number): number | null {
    const given = this.text(name);
    if (given === 'off') return null;
    if (given !== null && !/^\d{1,5}$/.test(given)) {
      throw new SettingError(name, `is "${given}"`, 'give a port from 1 to 65535, or "off"');
    }
    return this.whole(name, fallback, 1, 65535);
  }

  flag(name: string, fallback: boolean): boolean {
    return this.choice(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  choice<T extends string>(name: string, known: readonly T[], fallback: T): T {
    const given = this.text(name);
    if (given === null) return fallback;
    const found = known.find((one) => one === given);
    if (found === undefined) throw new SettingError(name, `is "${given}"`, `give one of ${known.join(', ')}`);
    return found;
  }

  list<T extends string>(name: string, known: readonly T[], fallback: T[]): T[] {
    const given = this.text(name);
    if (given === null) return fallback;
    return given.split(',').map((part) => {
      const found = known.find((one) => one === part.trim());
      if (found === undefined) {
        throw new SettingError(name, `has "${part.trim()}"`, `give any of ${known.join(', ')}, with commas between`);
      }
      return found;
    });
  }

  /** An http or https address. Without `asGiven`, slashes at its end are dropped. */
  address(name: string, { asGiven = false } = {}): string | null {
    const given = this.text(name);
    if (given === null) return null;
    const url = URL.canParse(given) ? new URL(given) : null;
    if (
      url === null ||
      !/^https?:$/.test(url.protocol) ||
      url.username !== '' ||
      url.hash !== '' ||
      url.search !== ''
    ) {
      throw new SettingError(name, `is "${withoutPassword(given)}"`, 'give an address such as https://api.example.org');
    }
    return asGiven ? given : given.replace(/\/+$/, '');
  }

  /** The address of a Postgres database; what was given is never repeated, since it holds a password. */
  database(name: string): string | null {
    const given = this.text(name);
    if (given === null) return null;
    const url = URL.canParse(given) ? new URL(given) : null;
    const known = url !== null && /^postgres(ql)?:$/.test(url.protocol);
    if (!known || url.hostname === '' || url.username === '' || url.pathname.length < 2) {
      throw new SettingError(name, 'is not a database address', 'give postgres://user:password@host:5432/database');
    }
    return given;
  }
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//***@');
}

/** The machine's code of an error, such as ENOENT. Errors of Node's own are no instances of Error inside Jest. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
