import type { Conditions } from '../model.js';
import type { Check } from './check.js';

/** Where and with which card. Partner and channel are looked up by terms-index.ts before any check runs. */
export function placeChecks({ outlets, issuers, cardProducts }: Conditions): Check[] {
  const checks: Check[] = [];
  if (outlets !== undefined) {
    const known = new Set(outlets);
    checks.push(({ merchant }) =>
      merchant?.outletCode !== undefined && known.has(`${merchant.partnerCode}/${merchant.outletCode}`)
        ? undefined
        : 'RULE_OTHER_PARTNER',
    );
  }
  if (issuers !== undefined) {
    const known = new Set(issuers);
    checks.push(({ issuer }) => (issuer !== undefined && known.has(issuer.partnerCode) ? undefined : 'OTHER_CARD'));
  }
  if (cardProducts !== undefined) {
    checks.push(({ card }) =>
      card?.product !== undefined && cardProducts.includes(card.product) ? undefined : 'OTHER_CARD',
    );
  }
  return checks;
}
