/** Tells whoever started the service what takes a while: a line on the terminal, for people. */
export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
