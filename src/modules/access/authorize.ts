/**
 * One verb for permission (HOUSE, example 9): every use case calls `authorize` before it does anything.
 *
 * An action is granted when the principal's kind is listed for it, its token carries the scope, and the
 * subject is its own where `own` says so. Everything not granted is denied.
 */
import { ForbiddenError } from '../../domain/access/forbidden.js';
import type { Principal, PrincipalKind, Scope } from '../../domain/access/principal.js';

type Grant = 'ANY' | 'OWN';
interface ActionRule {
  readonly scope: Scope;
  readonly grants: Readonly<Partial<Record<PrincipalKind, Grant>>>;
}

/** The typed table of all actions. A new action is a new row; the permission table test walks it. */
export const ACTIONS = {
  'transaction.submit': {
    scope: 'transactions:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  'refund.attach': { scope: 'transactions:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  // A member, or its bank, says that it bought something of which nobody has told; its merchant decides.
  'claim.open': {
    scope: 'members:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  'claim.read': {
    scope: 'transactions:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  'claim.decide': { scope: 'transactions:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  // Merchant ids that no outlet has, with whom banks say their members bought.
  'merchantId.read': { scope: 'partners:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  // Purchases told by merchant and bank that may be one.
  'match.read': { scope: 'transactions:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'match.decide': { scope: 'transactions:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'transaction.read': {
    scope: 'transactions:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  'accrual.preview': {
    scope: 'transactions:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'ANY', MEMBER: 'OWN' },
  },
  'accrual.confirm': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'lot.expire': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'member.enrol': { scope: 'members:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'ANY' } },
  'member.read': {
    scope: 'members:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  'member.update': {
    scope: 'members:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  // Every entry of a member's account, with what proves it.
  'member.prove': {
    scope: 'members:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', MEMBER: 'OWN' },
  },
  // What a member consents to: said by itself, by the bank of its card, or by those who run the programme with evidence.
  'consent.record': {
    scope: 'members:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  'consent.read': {
    scope: 'members:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  // For ever: the bank's app asks as the member.
  'member.erase': { scope: 'members:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', MEMBER: 'OWN' } },
  'member.export': { scope: 'members:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', MEMBER: 'OWN' } },
  'member.list': { scope: 'members:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  // Choosing categories and activating offers.
  'offer.use': {
    scope: 'members:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  'segment.set': { scope: 'members:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' } },
  'card.link': { scope: 'members:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' } },
  'card.token': { scope: 'members:read', grants: { ADMIN: 'ANY', PARTNER: 'OWN' } },
  // Quoting, holding and giving up; whose units they may be is told by name, not by a bare refusal.
  'redemption.authorise': {
    scope: 'redemptions:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  // Only who is owed for the units, and gives the goods, says that they are used or come back.
  'redemption.capture': {
    scope: 'redemptions:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  'redemption.read': {
    scope: 'redemptions:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  // Cash-outs, donations and transfers.
  'units.payOut': {
    scope: 'redemptions:write',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  // Deciding on those that wait; nobody decides on what it has asked for itself.
  'outflow.review': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'partner.onboard': { scope: 'partners:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'partner.update': { scope: 'partners:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'partner.read': {
    scope: 'partners:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'ANY', MEMBER: 'ANY' },
  },
  // Where partners are asked, and by what; the secret by which we are known there is also the partner's own to change.
  'connector.manage': { scope: 'partners:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'connector.secret': { scope: 'partners:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  'connector.read': {
    scope: 'partners:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  'contract.agree': { scope: 'partners:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'contract.read': {
    scope: 'partners:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  'programme.publish': { scope: 'programme:admin', grants: { ADMIN: 'ANY' } },
  'programme.approve': { scope: 'programme:admin', grants: { ADMIN: 'ANY' } },
  'catalogue.publish': { scope: 'programme:admin', grants: { ADMIN: 'ANY' } },
  'programme.backtest': { scope: 'programme:admin', grants: { ADMIN: 'ANY' } },
  'programme.read': {
    scope: 'programme:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'ANY', MEMBER: 'ANY' },
  },
  'chain.read': {
    scope: 'programme:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'ANY', MEMBER: 'ANY' },
  },
  'settlement.close': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'settlement.read': {
    scope: 'settlement:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  // Who stands on statements, and how they are paid.
  'billing.set': { scope: 'partners:write', grants: { ADMIN: 'ANY' } },
  // A partner contests what it is charged; whoever runs the programme decides.
  'dispute.open': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  'dispute.resolve': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  // Sums over the whole coalition: no partner learns what the others owe together.
  'settlement.totals': { scope: 'settlement:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  // Where money goes. Approving takes somebody else than proposing.
  'bankAccount.propose': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  'bankAccount.approve': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'bankAccount.read': {
    scope: 'settlement:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  // The whole number; others see a part of it.
  'bankAccount.number': { scope: 'settlement:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  'payment.instruct': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'payment.read': {
    scope: 'settlement:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  // The file as the bank gets it, with whole account numbers.
  'payment.download': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'bankFile.upload': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'bankFile.read': { scope: 'settlement:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'receipt.allocate': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'ledger.read': { scope: 'ledger:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'serviceCharge.record': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'prepaid.sell': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'fx.import': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'fx.convert': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  // It reads both sides and keeps what came of it; the books are not touched.
  'reconciliation.run': {
    scope: 'settlement:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' },
  },
  // Money and units changed by hand: nobody does both for one adjustment, whatever the kind of principal.
  'adjustment.read': { scope: 'ledger:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY' } },
  'adjustment.request': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'adjustment.approve': { scope: 'settlement:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  // Programs that sign in. What a client may do at most is for whoever registers it; its partner changes its secrets.
  'client.register': { scope: 'clients:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY' } },
  'client.rotate': { scope: 'clients:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  'client.revoke': { scope: 'clients:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  'client.read': { scope: 'clients:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  // Asking for a token of a member, with a card of its own: what a bank's app does (token exchange).
  'member.act': { scope: 'members:act', grants: { PARTNER: 'OWN' } },
  'audit.read': { scope: 'programme:admin', grants: { ADMIN: 'ANY' } },
  // Everybody hears of its own; a partner's endpoints are its own.
  'event.read': {
    scope: 'events:read',
    grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN', MEMBER: 'OWN' },
  },
  'webhook.read': { scope: 'events:read', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', SERVICE: 'ANY', PARTNER: 'OWN' } },
  'webhook.manage': { scope: 'webhooks:write', grants: { ADMIN: 'ANY', OPERATOR: 'ANY', PARTNER: 'OWN' } },
  'clock.shift': { scope: 'programme:admin', grants: { ADMIN: 'ANY' } },
} as const satisfies Record<string, ActionRule>;
export type Action = keyof typeof ACTIONS;

/** Whose thing is acted on. A partner owns by partnerNo (several when a purchase has several parties). */
export interface Subject {
  readonly partnerNos?: readonly number[];
  readonly memberNo?: number;
}

/** Throws ForbiddenError unless `principal` may do `action` to `subject`. */
export function authorize(principal: Principal, action: Action, subject: Subject = {}): void {
  const reason = refusal(principal, action, subject);
  if (reason !== undefined) throw new ForbiddenError(reason);
}

/** Whether `authorize` would let it pass: for fields that are null to those who may not read them. */
export const may = (principal: Principal, action: Action, subject: Subject = {}): boolean =>
  refusal(principal, action, subject) === undefined;

/** The principal's own things: for reads that row-level security narrows to them. */
export function itself(principal: Principal): Subject {
  if (principal.kind === 'PARTNER') return { partnerNos: [principal.partnerNo] };
  return principal.kind === 'MEMBER' ? { memberNo: principal.memberNo } : {};
}

function refusal(principal: Principal, action: Action, subject: Subject): string | undefined {
  const rule: ActionRule = ACTIONS[action];
  const grant = rule.grants[principal.kind];
  if (grant === undefined) return `A ${principal.kind} may not ${action}.`;
  if (!principal.scopes.has(rule.scope)) return `The token lacks the scope ${rule.scope} that ${action} needs.`;
  if (grant === 'ANY' || owns(principal, subject)) return undefined;
  return `A ${principal.kind} may ${action} only for itself.`;
}

function owns(principal: Principal, subject: Subject): boolean {
  if (principal.kind === 'PARTNER') return subject.partnerNos?.includes(principal.partnerNo) ?? false;
  if (principal.kind === 'MEMBER') return subject.memberNo === principal.memberNo;
  return false;
}
