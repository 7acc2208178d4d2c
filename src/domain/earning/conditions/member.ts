import type { Conditions } from '../model.js';
import type { Check } from './check.js';

/**
 * Who the member is: tier, variant, and the gates that member-gates.ts found before the decision (segment,
 * activation, birthday). Chosen categories are looked at with the category, in reward.ts.
 */
export function memberChecks(ruleCode: string, when: Conditions): Check[] {
  const checks: Check[] = [];
  const { tiers, experiment } = when;
  if (tiers !== undefined) checks.push((_, facts) => (tiers.includes(facts.tier) ? undefined : 'OTHER_TIER'));
  if (experiment !== undefined) {
    checks.push((_, { variants }) => {
      const variant = variants?.[experiment.code];
      return variant !== undefined && experiment.variants.includes(variant) ? undefined : 'OTHER_VARIANT';
    });
  }
  if (when.segments !== undefined || when.activation !== undefined || when.birthday !== undefined) {
    checks.push((_, { gates }) => {
      const gate = gates?.[ruleCode];
      return gate === 'NOT_IN_SEGMENT' || gate === 'NOT_ACTIVATED' || gate === 'NOT_BIRTHDAY' ? gate : undefined;
    });
  }
  return checks;
}
