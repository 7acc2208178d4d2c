/**
 * Decimal text <-> integer minor units. Exact, never rounded: too many decimals is an error of the caller's.
 */
const PATTERN = /^(-?)(\d{1,30})(?:\.(\d{1,18}))?$/;

export type DecimalError = 'MALFORMED' | 'TOO_MANY_DECIMALS' | 'TOO_LARGE';

/** Largest amount taken in, in minor units: far above any payment, far below a bigint column's limit. */
export const MAX_MINOR = 10n ** 15n;

/** "12.30" at scale 2 -> 1230n. Trailing zeros beyond the scale are allowed, other digits are not. */
export function parseDecimal(text: string, scale: number): bigint | DecimalError {
  const match = PATTERN.exec(text);
  if (!match) return 'MALFORMED';
  const digits = match[3] ?? '';
  if (/[1-9]/.test(digits.slice(scale))) return 'TOO_MANY_DECIMALS';
  const minor = BigInt(`${match[2]}${digits.slice(0, scale).padEnd(scale, '0')}`);
  if (minor > MAX_MINOR) return 'TOO_LARGE';
  return match[1] === '-' ? -minor : minor;
}

/** 1230n at scale 2 -> "12.30". */
export function formatDecimal(minor: bigint, scale: number): string {
  if (minor < 0n) return `-${formatDecimal(-minor, scale)}`;
  const digits = minor.toString();
  if (scale === 0) return digits;
  const whole = digits.length - scale;
  return whole > 0 ? `${digits.slice(0, whole)}.${digits.slice(whole)}` : `0.${digits.padStart(scale, '0')}`;
}
