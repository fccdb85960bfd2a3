import { createHash } from 'node:crypto';
import type { Figures, Parameters, Protected } from '../disclosure/model';
import type { Verdict } from '../disclosure-check/verify';
import type { Certificate } from './release-parts';

/** The proof of a release that the verifier found safe. */
export function certificateOf(
  parameters: Parameters,
  catalogueHash: string,
  made: Protected,
  verdict: Verdict,
): Certificate {
  if (!verdict.ok) throw new Error('A release that was not proven has no certificate');
  return {
    result: 'safe',
    threshold: parameters.rule.threshold,
    base: parameters.base,
    catalogueHash,
    figures: made.figures.size,
    primary: verdict.primary,
    complementary: verdict.complementary,
    smallestWidth: verdict.smallestWidth,
    withheldShare: Math.round(made.cost.share * 10_000) / 10_000,
    verifierVersion: verdict.version,
    figuresHash: figuresHash(made.figures),
    log: [...made.log],
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const figuresHash = (figures: Figures): string =>
  sha256(JSON.stringify([...figures].sort(([a], [b]) => (a < b ? -1 : 1))));

/** What a signature names: the hash of the certificate with its fields in one fixed order. */
export const certificateHash = (certificate: Certificate): string =>
  sha256(JSON.stringify(Object.entries(certificate).sort(([a], [b]) => (a < b ? -1 : 1))));
