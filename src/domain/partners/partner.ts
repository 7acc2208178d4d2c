/** What a partner may be, and what is wrong with the data of one before anything is looked up. */
import type { Channel } from '../earning/model.js';
import { type Failure, fail, ok, type Result } from '../kernel/result.js';

export const PARTNER_ROLES = ['MERCHANT', 'BANK', 'CHARITY', 'OPERATOR'] as const;
export type PartnerRole = (typeof PARTNER_ROLES)[number];

export type PartnerStatus = 'ACTIVE' | 'SUSPENDED' | 'CLOSED';

export interface NewPartner {
  readonly code: string;
  readonly name: string;
  readonly roles: readonly PartnerRole[];
  readonly outlets: readonly NewOutlet[];
}

export interface NewOutlet {
  readonly code: string;
  readonly name: string;
  readonly channel: Channel;
  readonly mcc?: string;
  /** As acquirers send them; compared exactly. */
  readonly merchantIds: readonly string[];
}

export type PartnerDataErrorCode =
  | 'MALFORMED_CODE'
  | 'MALFORMED_NAME'
  | 'ROLES_MISSING'
  | 'OUTLET_REPEATED'
  | 'MALFORMED_MCC'
  | 'MALFORMED_MERCHANT_ID'
  | 'MERCHANT_ID_REPEATED';

const CODE = /^[a-z0-9][a-z0-9-]{0,62}$/;
const MCC = /^[0-9]{4}$/;
const CONTROL = /\p{Cc}/u;
const MAX_NAME = 200;
const MAX_MERCHANT_ID = 64;

/** The first fault in the order of the input, or nothing wrong. Roles and channels are known words already. */
export function checkPartner(partner: NewPartner): Result<undefined, PartnerDataErrorCode> {
  const fault = codeFault(partner.code, 'code') ?? nameFault(partner.name, 'name');
  if (fault !== undefined) return { ok: false, failure: fault };
  if (partner.roles.length === 0)
    return fail('ROLES_MISSING', 'Give the partner at least one role, such as MERCHANT.', 'roles');
  return checkOutlets(partner.outlets);
}

/** Outlets of one command: codes and merchant ids may not be repeated among them. */
function checkOutlets(outlets: readonly NewOutlet[]): Result<undefined, PartnerDataErrorCode> {
  const codes = new Set<string>();
  const merchantIds = new Set<string>();
  for (const [index, outlet] of outlets.entries()) {
    const at = `outlets.${index}.`;
    const checked = checkOutlet(outlet, at, merchantIds);
    if (!checked.ok) return checked;
    if (codes.has(outlet.code)) {
      return fail('OUTLET_REPEATED', `The outlet "${outlet.code}" is given twice; keep one.`, `${at}code`);
    }
    codes.add(outlet.code);
  }
  return ok(undefined);
}

/** One outlet. `at` leads to it in the input; `taken` collects the merchant ids of those before it. */
export function checkOutlet(
  outlet: NewOutlet,
  at = '',
  taken = new Set<string>(),
): Result<undefined, PartnerDataErrorCode> {
  const fault = codeFault(outlet.code, `${at}code`) ?? nameFault(outlet.name, `${at}name`);
  if (fault !== undefined) return { ok: false, failure: fault };
  if (outlet.mcc !== undefined && !MCC.test(outlet.mcc)) {
    return fail(
      'MALFORMED_MCC',
      'A merchant category code is four digits, leading zeros included, such as "5411".',
      `${at}mcc`,
    );
  }
  for (const [position, merchantId] of outlet.merchantIds.entries()) {
    const field = `${at}merchantIds.${position}`;
    const checked = checkMerchantId(merchantId, field);
    if (!checked.ok) return checked;
    if (taken.has(merchantId)) {
      return fail(
        'MERCHANT_ID_REPEATED',
        `The merchant id "${merchantId}" is given twice; it names one outlet only.`,
        field,
      );
    }
    taken.add(merchantId);
  }
  return ok(undefined);
}

export function checkMerchantId(merchantId: string, field: string): Result<undefined, PartnerDataErrorCode> {
  if (isMerchantId(merchantId)) return ok(undefined);
  const message = `A merchant id is 1 to ${MAX_MERCHANT_ID} printable characters without spaces around it.`;
  return fail('MALFORMED_MERCHANT_ID', message, field);
}

const isMerchantId = (text: string): boolean =>
  text !== '' && text.length <= MAX_MERCHANT_ID && text === text.trim() && !CONTROL.test(text);

function codeFault(code: string, field: string): Failure<PartnerDataErrorCode> | undefined {
  if (CODE.test(code)) return undefined;
  const message =
    'A code is 1 to 63 small letters, digits and dashes, and starts with a letter or digit, such as "corner-shop".';
  return { code: 'MALFORMED_CODE', message, field };
}

function nameFault(name: string, field: string): Failure<PartnerDataErrorCode> | undefined {
  if (name.trim() !== '' && name.length <= MAX_NAME && !CONTROL.test(name)) return undefined;
  return {
    code: 'MALFORMED_NAME',
    message: `A name is 1 to ${MAX_NAME} printable characters and not only spaces.`,
    field,
  };
}
