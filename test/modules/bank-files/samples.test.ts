/** Every sample that banks have published is read, or refused with the reason. */
import { readBankStatements, readPaymentStatusReport } from '../../../src/modules/bank-files/index.js';
import { describeWithStandard, samples, schemaErrors } from './standard.js';

/** The message a sample says it is; its namespace may be the standard's or a national one. */
const versionOf = (content: string): string => /(?:pain|camt|pacs)\.\d{3}\.\d{3}\.\d{2}/.exec(content)?.[0] ?? '';

describeWithStandard('samples of banks', () => {
  const all = samples();

  test('there are statements and reports among them', () => {
    const types = all.map(({ content }) => versionOf(content).slice(0, 8));
    expect(types.filter((type) => type === 'camt.053').length).toBeGreaterThanOrEqual(10);
    expect(types.filter((type) => type === 'pain.002').length).toBeGreaterThanOrEqual(15);
  });

  test.each(all)('$name', ({ name, content }) => {
    const report = readPaymentStatusReport(content);
    const statement = readBankStatements(content);
    const version = versionOf(content);
    if (name === 'invalid_pain_v11.xml') {
      for (const refused of [report, statement]) {
        expect(refused).toMatchObject({ ok: false, failure: { code: 'MESSAGE_TYPE_UNKNOWN', field: 'content' } });
      }
      return;
    }
    for (const [type, read] of [
      ['pain.002', report],
      ['camt.053', statement],
    ] as const) {
      if (version.startsWith(type)) {
        expect(read).toMatchObject({ ok: true, value: { version } });
      } else {
        expect(read).toMatchObject({ ok: false, failure: { code: 'MESSAGE_TYPE_UNEXPECTED' } });
        expect(!read.ok && read.failure.message).toContain(`The file is a ${version}; send a`);
      }
    }
  });

  test('amounts are signed, and balances of whole statements add up', () => {
    const read = all.flatMap(({ content }) => {
      const result = readBankStatements(content);
      return result.ok ? result.value.statements : [];
    });
    const sums = read.flatMap(({ balances, entries }) => {
      const opening = balances.find(({ code }) => code === 'OPBD');
      const closing = balances.find(({ code }) => code === 'CLBD');
      if (opening === undefined || closing === undefined) return [];
      const booked = entries.filter(({ status }) => status === 'BOOKED');
      return [
        [opening.amountMinor + booked.reduce((sum, { amountMinor }) => sum + amountMinor, 0n), closing.amountMinor],
      ];
    });
    // Several samples are cut or invented; those that were printed from a real day add up.
    expect(sums.filter(([sum, closing]) => sum === closing).length).toBeGreaterThanOrEqual(3);
  });

  test('what breaks the schema of version 11 is refused, whatever it breaks', async () => {
    const valid = all.find(({ name }) => name === 'valid_pain_v11.xml')?.content ?? '';
    expect(await schemaErrors(valid, 'pain.002.001.11')).toEqual([]);
    for (const [wrong, path] of [
      [valid.replace(/<MsgId>[^<]*<\/MsgId>/, ''), 'GrpHdr'],
      [valid.replace(/<MsgId>[^<]*<\/MsgId>/, '$&$&'), 'GrpHdr'],
      [valid.replace(/<MsgId>[^<]*</, `<MsgId>${'x'.repeat(36)}<`), 'GrpHdr/MsgId'],
      [valid.replace(/<CreDtTm>[^<]*</, '<CreDtTm>yesterday<'), 'GrpHdr/CreDtTm'],
      [valid.replace('<GrpHdr>', '<GrpHdr><Unknown/>'), 'GrpHdr'],
      [valid.replaceAll('OrgnlGrpInfAndSts', 'OrgnlGrpInf'), 'CstmrPmtStsRpt'],
    ] as const) {
      expect((await schemaErrors(wrong, 'pain.002.001.11')).length).toBeGreaterThan(0);
      const read = readPaymentStatusReport(wrong);
      expect(read).toMatchObject({ ok: false, failure: { code: 'MESSAGE_MALFORMED' } });
      expect(!read.ok && read.failure.message).toContain(path);
    }
  });
});
