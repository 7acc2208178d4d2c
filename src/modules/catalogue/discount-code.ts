/** Codes of discounts: made by chance, told once, kept as a hash. */
import { hash, randomBytes } from 'node:crypto';

/** Crockford's letters: no I, L, O and U, which are misread or spell. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;

/** 80 bits of chance in four groups, such as "7K2M-QX4T-0B9W-HZ3E". */
export function newCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return (letters.match(/.{4}/g) as string[]).join('-');
}

/** As typed at a till: small or capital letters, with or without dashes and spaces, O for 0 and I or L for 1. */
export function codeHash(code: string): Buffer {
  const letters = code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return hash('sha256', letters, 'buffer');
}
