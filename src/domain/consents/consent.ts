/**
 * Consents: what a member said last about a purpose counts, at once, for everything that is done after it.
 *
 * Taking part in the programme is a contract and needs no consent (GDPR art. 6(1)(b)); these are the purposes beyond it.
 */
import { fail, ok, type Result } from '../kernel/result.js';

export type ConsentPurpose = 'SHARING_WITH_PARTNER' | 'PERSONALISED_OFFERS' | 'MARKETING';
export type ConsentState = 'GIVEN' | 'WITHDRAWN';
export type ConsentChannel = 'APP' | 'WEB' | 'BRANCH' | 'PHONE' | 'PAPER';

/** The text that the member was shown, as far as it can be found again. */
export interface Notice {
  readonly version: string;
  /** BCP 47 */
  readonly language: string;
  /** Of the text's bytes, in hexadecimal. */
  readonly sha256: string;
}

export type ConsentRuleCode =
  | 'PARTNER_REQUIRED'
  | 'PARTNER_REFUSED'
  | 'MALFORMED_NOTICE'
  | 'EVIDENCE_REQUIRED'
  | 'MALFORMED_EVIDENCE';

/** What is wanted, before it is known whether the member and the partner exist. */
export interface WantedConsent {
  readonly purpose: ConsentPurpose;
  readonly state: ConsentState;
  readonly forPartner: boolean;
  readonly notice?: Notice | undefined;
  readonly evidence?: string | undefined;
  /** Whether the member itself says it. */
  readonly byMember: boolean;
}

const PARTNER_OF: Readonly<Record<ConsentPurpose, 'ONE' | 'NONE' | 'EITHER'>> = {
  SHARING_WITH_PARTNER: 'ONE',
  PERSONALISED_OFFERS: 'NONE',
  MARKETING: 'EITHER',
};

const VERSION = /^[\x21-\x7e]{1,64}$/;
const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const LONGEST_EVIDENCE = 500;

/** Whether a receipt of this can be written. Taking back is never harder than giving: it needs no evidence. */
export function checkConsent(wanted: WantedConsent): Result<undefined, ConsentRuleCode> {
  const { purpose, state, forPartner, notice, evidence, byMember } = wanted;
  if (PARTNER_OF[purpose] === 'ONE' && !forPartner)
    return fail('PARTNER_REQUIRED', 'Sharing is with a partner; name it.', 'partnerCode');
  if (PARTNER_OF[purpose] === 'NONE' && forPartner)
    return fail('PARTNER_REFUSED', "This purpose is the programme's own; leave the partner out.", 'partnerCode');
  if (notice !== undefined && !isNotice(notice)) {
    return fail(
      'MALFORMED_NOTICE',
      'Say which text the member was shown: its version, its language such as "pt-BR", and its SHA-256 in small hexadecimal digits.',
      'notice',
    );
  }
  if (evidence !== undefined && (evidence.trim() === '' || evidence.length > LONGEST_EVIDENCE))
    return fail('MALFORMED_EVIDENCE', `Evidence is 1 to ${LONGEST_EVIDENCE} characters.`, 'evidence');
  if (state === 'GIVEN' && !byMember && evidence === undefined) {
    return fail(
      'EVIDENCE_REQUIRED',
      'Somebody else than the member says so; name what proves it, such as the number of the signed form.',
      'evidence',
    );
  }
  return ok(undefined);
}

const isNotice = ({ version, language, sha256 }: Notice): boolean =>
  VERSION.test(version) && LANGUAGE.test(language) && SHA256.test(sha256);

/** What the last receipt of a member says about a purpose and a partner. */
export interface StandingConsent {
  readonly version: number;
  readonly state: ConsentState;
  readonly notice?: Notice | undefined;
}

/** The version of the receipt to write; undefined when the last one says the same, of the same text. */
export function nextVersion(
  standing: StandingConsent | undefined,
  { state, notice }: Pick<WantedConsent, 'state' | 'notice'>,
): number | undefined {
  if (standing === undefined) return 1;
  const sameText = state === 'WITHDRAWN' || sameNotice(standing.notice, notice);
  return standing.state === state && sameText ? undefined : standing.version + 1;
}

const sameNotice = (a: Notice | undefined, b: Notice | undefined): boolean =>
  a?.version === b?.version && a?.language === b?.language && a?.sha256 === b?.sha256;
