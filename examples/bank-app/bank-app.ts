/**
 * A bank's app: it signs in as the bank, exchanges that for a token of one card holder, and shows the holder's screen.
 *
 *     node --env-file=bank.env examples/bank-app/bank-app.ts
 *
 * The client needs the scope members:act (`hansa client register --partner hanse-bank --scopes …,members:act`).
 */
import { HansaClient, MemberScreen } from 'hansa/client';

const {
  HANSA_URL = `http://127.0.0.1:${process.env.PORT ?? 4000}`,
  HANSA_CLIENT_ID: clientId = '',
  HANSA_CLIENT_SECRET: clientSecret = '',
  PROGRAMME: programmeCode = 'coalition-demo',
  MEMBER: code = 'bruno',
} = process.env;

const bank = new HansaClient({ url: HANSA_URL, clientId, clientSecret });
const { member: known } = await bank.ask(MemberScreen, { programmeCode, code });
if (known == null) throw new Error(`${code} holds no card of this bank.`);

// From here on the app can do no more than the member may.
const app = await bank.forMember(known.id);
const { member } = await app.ask(MemberScreen, { id: known.id });
console.log(
  `${member?.code}: ${member?.balance?.available} ${member?.balance?.unitCode} to spend, ${member?.balance?.pending} on the way`,
);
console.log(
  `Tier ${member?.tier?.name}${member?.tier?.next ? `, ${member.tier.next.missing} more makes ${member.tier.next.name}` : ''}`,
);
for (const choice of member?.choices ?? []) {
  console.log(
    `${choice.name}: ${choice.chosen.map(({ name }) => name).join(', ') || 'not chosen yet'} of ${choice.offered.length}`,
  );
}
for (const purchase of member?.transactions?.nodes ?? []) {
  const earned = purchase.accruals.map(({ units }) => units).join(' + ') || '0';
  console.log(
    `  ${purchase.businessDate}  ${purchase.amount.amount} ${purchase.amount.currencyCode}  ${purchase.merchant?.name ?? '-'}: ${earned}`,
  );
}
