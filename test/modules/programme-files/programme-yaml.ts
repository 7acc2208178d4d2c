/** A small sound programme with one example, to be broken or published. */
export const programmeYaml = (code = 'test'): string => `programme: ${code}
name: Test programme
effectiveFrom: 2026-01-01
currency: EUR
timeZone: Europe/Lisbon
unit: { code: PTS, scale: 2, worth: 1 }
holdDays: 14
rounding: HALF_UP
tiers:
  rollingDays: 365
  levels:
    - { code: basic, name: Basic, from: 0 }
partners: { bank: }
rules:
  - code: base
    name: Base
    funding: ISSUER
    rate: 2%
examples:
  - name: base
    steps: [{ purchase: 100, card: bank, expect: { units: 2 } }]
`;
