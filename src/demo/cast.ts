/**
 * Who takes part in the demonstration: the partners of programmes/coalition-demo.yaml, three members of one
 * bank, and what they buy. Amounts are euros; `daysBefore` counts back from the day of the first start.
 */
export const PROGRAMME = 'coalition-demo';
export const BANK = 'hanse-bank';

export interface DemoPartner {
  readonly code: string;
  readonly name: string;
  readonly role: 'BANK' | 'MERCHANT' | 'CHARITY';
  readonly outlets: readonly {
    readonly code: string;
    readonly name: string;
    readonly channel: string;
    readonly mcc: string;
    readonly merchantId: string;
  }[];
  /** None for a charity, which pays nobody anything. */
  readonly contract?: {
    readonly fundingShares: readonly { readonly party: string; readonly share: string }[];
    readonly commissionRate: string;
  };
}

const ALL_ITS_OWN = [{ party: 'SELF', share: '100%' }];

const shop = (code: string, name: string, mcc: string, merchantId: string) => ({
  code,
  name,
  channel: 'IN_STORE',
  mcc,
  merchantId,
});

export const PARTNERS: readonly DemoPartner[] = [
  {
    code: BANK,
    name: 'Hanse Bank',
    role: 'BANK',
    outlets: [],
    contract: { fundingShares: ALL_ITS_OWN, commissionRate: '5%' },
  },
  {
    code: 'salt-and-grain',
    name: 'Salt & Grain',
    role: 'MERCHANT',
    outlets: [
      shop('old-town', 'Old Town', '5411', 'HANSA-SG-001'),
      shop('riverside', 'Riverside', '5411', 'HANSA-SG-002'),
    ],
    contract: { fundingShares: ALL_ITS_OWN, commissionRate: '10%' },
  },
  {
    code: 'amber-kitchen',
    name: 'Amber Kitchen',
    role: 'MERCHANT',
    outlets: [shop('harbour', 'Harbour', '5812', 'HANSA-AK-001')],
    contract: { fundingShares: ALL_ITS_OWN, commissionRate: '10%' },
  },
  {
    code: 'cog-fuel',
    name: 'Cog Fuel',
    role: 'MERCHANT',
    outlets: [shop('ring-road', 'Ring Road', '5541', 'HANSA-CF-001')],
    contract: {
      fundingShares: [
        { party: 'SELF', share: '80%' },
        { party: 'PROGRAMME', share: '20%' },
      ],
      commissionRate: '8%',
    },
  },
  {
    code: 'kontor-books',
    name: 'Kontor Books',
    role: 'MERCHANT',
    outlets: [
      { code: 'online', name: 'Online shop', channel: 'ONLINE', mcc: '5942', merchantId: 'HANSA-KB-001' },
      shop('harbour-airport', 'Harbour Airport', '5942', 'HANSA-KB-002'),
    ],
    contract: { fundingShares: ALL_ITS_OWN, commissionRate: '10%' },
  },
  {
    code: 'lantern-pharmacy',
    name: 'Lantern Pharmacy',
    role: 'MERCHANT',
    outlets: [shop('market', 'Market Square', '5912', 'HANSA-LP-001')],
    contract: { fundingShares: ALL_ITS_OWN, commissionRate: '10%' },
  },
  {
    code: 'north-lifeboats',
    name: 'North Lifeboats',
    role: 'CHARITY',
    outlets: [shop('boathouse', 'Boathouse', '8398', 'HANSA-NL-001')],
  },
];

export interface DemoMember {
  readonly code: string;
  readonly token: string;
  readonly lastFour: string;
}
export const ANNA: DemoMember = { code: 'anna', token: 'demo-card-anna-4711', lastFour: '4711' };
export const BRUNO: DemoMember = { code: 'bruno', token: 'demo-card-bruno-0815', lastFour: '0815' };
export const CLARA: DemoMember = { code: 'clara', token: 'demo-card-clara-1370', lastFour: '1370' };
export const MEMBERS: readonly DemoMember[] = [ANNA, BRUNO, CLARA];

/** Part of a purchase at the shop that Anna pays with units. Its account and the programme's are printed examples. */
export const SPENT = {
  member: ANNA,
  name: 'Anna',
  partner: {
    code: 'salt-and-grain',
    name: 'Salt & Grain',
    holder: 'Salt and Grain',
    iban: 'PT50002700000001234567833',
  },
  units: '30',
  amount: '64.20',
};
export const PROGRAMME_ACCOUNT = { holder: 'Hansa coalition', iban: 'PT50000201231234567890154' };

export interface DemoPurchase {
  readonly reference: string;
  readonly member: DemoMember;
  readonly amount: string;
  /** Days before the first start; the hold of the programme is 14. */
  readonly daysBefore: number;
  readonly hour: number;
  readonly merchantId: string;
  readonly mcc?: string;
  readonly descriptor: string;
}

/** What made two of the members Captain and Mate, then the day itself, then one purchase that is still pending. */
export const PURCHASES: readonly DemoPurchase[] = [
  {
    reference: 'winter-rail-pass',
    member: ANNA,
    amount: '10500.00',
    daysBefore: 40,
    hour: 10,
    merchantId: 'ELSEWHERE-1',
    mcc: '4112',
    descriptor: 'LUSO RAIL PASSES',
  },
  {
    reference: 'kitchen-fitting',
    member: CLARA,
    amount: '3200.00',
    daysBefore: 35,
    hour: 15,
    merchantId: 'ELSEWHERE-2',
    mcc: '5712',
    descriptor: 'NORTH KITCHENS',
  },
  {
    reference: 'day-01',
    member: ANNA,
    amount: '84.20',
    daysBefore: 20,
    hour: 8,
    merchantId: 'HANSA-SG-001',
    descriptor: 'SALT AND GRAIN OLD TOWN',
  },
  {
    reference: 'day-02',
    member: BRUNO,
    amount: '23.15',
    daysBefore: 20,
    hour: 9,
    merchantId: 'HANSA-SG-002',
    descriptor: 'SALT AND GRAIN RIVERSIDE',
  },
  {
    reference: 'day-03',
    member: CLARA,
    amount: '61.00',
    daysBefore: 20,
    hour: 10,
    merchantId: 'HANSA-CF-001',
    descriptor: 'COG FUEL RING ROAD',
  },
  {
    reference: 'day-04',
    member: ANNA,
    amount: '42.90',
    daysBefore: 20,
    hour: 12,
    merchantId: 'HANSA-AK-001',
    descriptor: 'AMBER KITCHEN',
  },
  {
    reference: 'day-05',
    member: BRUNO,
    amount: '19.99',
    daysBefore: 20,
    hour: 13,
    merchantId: 'HANSA-KB-001',
    descriptor: 'KONTOR BOOKS ONLINE',
  },
  {
    reference: 'day-06',
    member: CLARA,
    amount: '35.40',
    daysBefore: 20,
    hour: 14,
    merchantId: 'HANSA-LP-001',
    descriptor: 'LANTERN PHARMACY',
  },
  {
    reference: 'day-07',
    member: ANNA,
    amount: '58.00',
    daysBefore: 20,
    hour: 15,
    merchantId: 'HANSA-KB-002',
    descriptor: 'KONTOR BOOKS AIRPORT',
  },
  {
    reference: 'day-08',
    member: BRUNO,
    amount: '75.50',
    daysBefore: 20,
    hour: 16,
    merchantId: 'ELSEWHERE-3',
    mcc: '5651',
    descriptor: 'THE WOOLLEN COAT',
  },
  {
    reference: 'day-09',
    member: CLARA,
    amount: '200.00',
    daysBefore: 20,
    hour: 17,
    merchantId: 'ELSEWHERE-4',
    mcc: '6011',
    descriptor: 'CASH MACHINE 17',
  },
  {
    reference: 'day-10',
    member: ANNA,
    amount: '1250.00',
    daysBefore: 20,
    hour: 18,
    merchantId: 'HANSA-SG-001',
    descriptor: 'SALT AND GRAIN OLD TOWN',
  },
  {
    reference: 'today-01',
    member: BRUNO,
    amount: '31.60',
    daysBefore: 0,
    hour: 0,
    merchantId: 'HANSA-AK-001',
    descriptor: 'AMBER KITCHEN',
  },
];

/** Clara takes half of the pharmacy's basket back. */
export const REFUND = {
  reference: 'day-06-back',
  refundOf: 'day-06',
  member: CLARA,
  amount: '17.70',
  daysBefore: 19,
  hour: 11,
  merchantId: 'HANSA-LP-001',
  descriptor: 'LANTERN PHARMACY',
};
