import { createHash } from 'node:crypto';
import type { Figures, Parameters, Protected } from '../disclosure/model';
import type { Verdict } from '../disclosure-check/verify';
import { type LogFrame, protectionLog, warningsOf } from './certificate-log';
import type { PublishedTable } from './published';
import type { Certificate } from './release-parts';

/** The proof of a release that the verifier found safe. */
export function certificateOf(
  parameters: Parameters,
  catalogueHash: string,
  made: Protected,
  verdict: Verdict,
  tables: readonly PublishedTable[],
  frame: LogFrame,
): Certificate {
  if (!verdict.ok) throw new Error('A release that was not proven has no certificate');
  const figures = made.figures.size;
  const shown = [...made.figures.values()].filter((outcome) => outcome !== 'c').length;
  const { primary, complementary } = verdict;
  const hiddenZeros = figures - shown - primary - complementary;
  const file = fileOf(tables);
  return {
    result: 'safe',
    threshold: parameters.rule.threshold,
    base: parameters.base,
    catalogueHash,
    ...{ figures, shown, primary, complementary, hiddenZeros, ...file },
    smallestWidth: verdict.smallestWidth,
    withheldShare: Math.round(made.cost.share * 10_000) / 10_000,
    verifierVersion: verdict.version,
    figuresHash: figuresHash(made.figures),
    log: [
      ...warningsOf(made, frame),
      `${figures} different figures: ${shown} are shown; ${primary} are withheld because they are small, ${complementary} because they would tell a small one, and ${hiddenZeros} are counts of nobody that are hidden.`,
      `all.csv repeats a figure in each table that has it: of its ${file.fileRows} rows, ${file.fileShown} have a number, ${file.fileWithheld} are marked [c] and ${file.fileNotAvailable} are marked [x].`,
      ...protectionLog(made, frame),
    ],
  };
}

/** What a reader who counts the rows of all.csv finds. */
function fileOf(
  tables: readonly PublishedTable[],
): Pick<Certificate, 'fileRows' | 'fileShown' | 'fileWithheld' | 'fileNotAvailable'> {
  const figures = tables.flatMap((table) => table.figures);
  const marked = (mark: string): number => figures.filter(({ status }) => status === mark).length;
  return {
    fileRows: figures.length,
    fileShown: marked(''),
    fileWithheld: marked('c'),
    fileNotAvailable: marked('x'),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const figuresHash = (figures: Figures): string =>
  sha256(JSON.stringify([...figures].sort(([a], [b]) => (a < b ? -1 : 1))));

/** What a signature names: the hash of the certificate with its fields in one fixed order. */
export const certificateHash = (certificate: Certificate): string =>
  sha256(JSON.stringify(Object.entries(certificate).sort(([a], [b]) => (a < b ? -1 : 1))));
