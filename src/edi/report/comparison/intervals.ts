/** Lowest and highest value of a 95% interval. */
export interface Interval {
  low: number;
  high: number;
}

/** The standard normal quantile of a two-sided 95% interval. */
export const Z = 1.959963984540054;

/**
 * Wilson score interval of a proportion (E. B. Wilson, 1927): `(2c + z² ∓ z √(z² + 4c(1 - p))) / (2(n + z²))` with `p = c / n`.
 * `count` of `base` people, `base` over nought.
 */
export function wilson(count: number, base: number): Interval {
  const spread = Z * Math.sqrt(Z * Z + 4 * count * (1 - count / base));
  const middle = 2 * count + Z * Z;
  const divisor = 2 * (base + Z * Z);
  return { low: Math.max(0, (middle - spread) / divisor), high: Math.min(1, (middle + spread) / divisor) };
}

/**
 * Ratio of two proportions `(a / n1) / (b / n2)` with its interval on the logarithmic scale (Katz and others, 1978). Null where a
 * count or a base is nought, for which there is no such interval.
 */
export function disparity(a: number, n1: number, b: number, n2: number): (Interval & { ratio: number }) | null {
  if (a <= 0 || b <= 0 || n1 < a || n2 < b) return null;
  const ratio = a / n1 / (b / n2);
  const spread = Z * Math.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n2);
  return { ratio, low: ratio * Math.exp(-spread), high: ratio * Math.exp(spread) };
}

/** Index of dissimilarity `½ Σ |p - q|`: the share of people that would have to be others for the two to be alike. 0 to 1. */
export function dissimilarity(pairs: readonly { share: number; population: number }[]): number {
  return pairs.reduce((sum, { share, population }) => sum + Math.abs(share - population), 0) / 2;
}

/** How far a rounded count can be from the true one, to each side. */
export const roundingError = (base: number): number => Math.floor(base / 2);
