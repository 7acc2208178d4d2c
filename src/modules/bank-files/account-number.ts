/** Numbers of bank accounts: IBAN (ISO 13616) and BIC (ISO 9362). The one room that knows how to check them. */
import { electronicFormatIBAN, isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';
import { fail, ok, type Result } from '../../domain/kernel/result.js';

export type AccountNumberErrorCode = 'MALFORMED_IBAN' | 'MALFORMED_BIC' | 'BIC_MISSING';

export const ACCOUNT_NUMBER_ERRORS: Readonly<Record<AccountNumberErrorCode, string>> = {
  MALFORMED_IBAN: 'The IBAN is of no known country, has another length or fails its check digits.',
  MALFORMED_BIC: 'The BIC has another form than a bank code has.',
  BIC_MISSING: 'Outside the single euro payments area an account needs its BIC.',
};

export interface AccountNumber {
  /** Without spaces, in capitals. */
  readonly iban: string;
  /** Eight or eleven characters. */
  readonly bic?: string;
}

/** Checks both and writes them one way. Messages never repeat a number. */
export function checkAccountNumber(iban: string, bic?: string): Result<AccountNumber, AccountNumberErrorCode> {
  const plain = iban.length > 60 ? null : electronicFormatIBAN(iban);
  if (plain === null || !isValidIBAN(plain)) {
    return fail(
      'MALFORMED_IBAN',
      'This is no IBAN: its country, length or check digits are wrong. Copy it anew.',
      'iban',
    );
  }
  if (bic === undefined) {
    return isSEPACountry(plain.slice(0, 2))
      ? ok({ iban: plain })
      : fail('BIC_MISSING', 'Give the BIC too: it is needed outside the single euro payments area.', 'bic');
  }
  const code = bic.replaceAll(' ', '').toUpperCase();
  return isValidBIC(code)
    ? ok({ iban: plain, bic: code })
    : fail('MALFORMED_BIC', 'This is no BIC: it has 8 or 11 characters, such as DEUTDEFF. Copy it anew.', 'bic');
}

/** What people may see who may not see the number: its country, check digits and last four. */
export const maskIban = (iban: string): string => `${iban.slice(0, 4)}${'*'.repeat(iban.length - 8)}${iban.slice(-4)}`;
