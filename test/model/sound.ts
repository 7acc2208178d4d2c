/** The invariants of the ledger that the model itself must keep, whatever was done to it. */
import type { Books, Lot } from './books.js';
import { sumOf } from './parts.js';

export function expectSound(books: Books): void {
  const { journal } = books;
  const sum = (pattern: RegExp): bigint =>
    [...journal.balances()].reduce(
      (total, [account, balance]) => (pattern.test(account) ? total + balance : total),
      0n,
    );
  const members = new Set([...books.lots.keys(), ...books.debts.keys()]);
  let values = 0n;
  for (const member of members) {
    const lots = books.lots.get(member) ?? [];
    const leftOf = (chosen: readonly Lot[]) => sumOf(chosen.map(({ left }) => left));
    const owed = books.owed(member);
    // I12
    expect([member, leftOf(lots.filter(({ pending }) => pending)).units]).toEqual([
      member,
      -journal.balance(`P100:${member}`),
    ]);
    expect([member, leftOf(lots.filter(({ pending }) => !pending)).units - owed.units]).toEqual([
      member,
      books.available(member),
    ]);
    expect([member, owed.value]).toEqual([member, journal.balance(`1300:${member}`)]);
    values += leftOf(lots).value;
    for (const { left, expired } of lots) {
      for (const part of [left, expired]) {
        expect(Object.values(part).every((amount) => amount >= 0n)).toBe(true);
        if (part.units === 0n) expect(part.value).toBe(0n);
      }
    }
  }
  // I13, but for what is held: that is in 2020.
  expect(-sum(/^20[01]0/)).toBe(values);
  // I14
  expect(sum(/^P9[0-4]0/)).toBe(-sum(/^P1[012]0/));
  // I3
  for (const [account, balance] of journal.balances()) {
    if (/^(P900|1105|1106|1300|P930|5010)/.test(account)) expect([account, balance >= 0n]).toEqual([account, true]);
    if (/^(P100|P120|P910|P920|P940|2000|2020|2110|2300|2310)/.test(account))
      expect([account, balance <= 0n]).toEqual([account, true]);
  }
}
