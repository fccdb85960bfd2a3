/** What may be kept of an error: its code or its class, never its text, which could hold personal data. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^\w{1,100}$/.test(code)) return code;
  return error instanceof Error ? error.constructor.name.slice(0, 100) || 'Error' : 'unknown';
}

/** Whatever was thrown, as an Error. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
