/** Where an answer's record is, by the path declared with `@Made`. */
export function locationOf(path: string, answer: object): string {
  const fields = answer as Record<string, unknown>;
  return path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(String(fields[name])));
}
