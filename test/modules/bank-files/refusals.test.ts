/** What is refused before a message is even looked at, and what its structure must have. */
import { readBankStatements } from '../../../src/modules/bank-files/index.js';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';
const document = (body: string, namespace = NAMESPACE): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespace}">${body}</Document>`;
const BALANCE = (code: string, amount: string) =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>`;
const ENTRY =
  '<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt><BkTxCd/></Ntry>';
const STATEMENT = `<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-01T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>S</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>${BALANCE('OPBD', '0.00')}${BALANCE('CLBD', '1.00')}${ENTRY}</Stmt></BkToCstmrStmt>`;

const codeOf = (content: string): string => {
  const read = readBankStatements(content);
  return read.ok ? 'READ' : read.failure.code;
};

test('the statement that the others are made from is read', () => {
  expect(codeOf(document(STATEMENT))).toBe('READ');
  expect(codeOf(`\uFEFF${document(STATEMENT)}`)).toBe('READ');
});

test.each([
  ['', 'FILE_NOT_XML'],
  ['IBAN;amount\nDE89;1,00', 'FILE_NOT_XML'],
  ['<Document', 'FILE_NOT_XML'],
  [document('<a></b>'), 'FILE_NOT_XML'],
  [`${document(STATEMENT)}<More/>`, 'FILE_NOT_XML'],
  [document(STATEMENT.replace('>M<', '>&nothing;<')), 'FILE_NOT_XML'],
  [
    `<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>${document(STATEMENT.replace('>M<', '>&x;<'))}`,
    'FILE_WITH_DTD',
  ],
  [
    `<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${document('<x>&b;</x>')}`,
    'FILE_WITH_DTD',
  ],
  [document('<a>'.repeat(100) + '</a>'.repeat(100)), 'FILE_NOT_XML'],
  ['x'.repeat(3_500_001), 'FILE_TOO_LARGE'],
  ['<Document/>', 'MESSAGE_TYPE_UNKNOWN'],
  [document(STATEMENT, 'urn:another:thing'), 'MESSAGE_TYPE_UNKNOWN'],
  [document(STATEMENT, NAMESPACE.replace('053', '054')), 'MESSAGE_TYPE_UNEXPECTED'],
  [document(STATEMENT, NAMESPACE.replace('001.08', '001.99')), 'MESSAGE_VERSION_UNKNOWN'],
  [document(STATEMENT, NAMESPACE.replace('001.08', '001.01')), 'MESSAGE_VERSION_UNKNOWN'],
  [document(''), 'MESSAGE_MALFORMED'],
  [document(STATEMENT + STATEMENT), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace(/<Stmt>.*<\/Stmt>/, '')), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace('EUR">1.00', 'EUR">1.001')), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace('EUR">1.00', 'EUR">-1.00')), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace('EUR">1.00', 'EUR">1,00')), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace('EUR">1.00', 'ZZZ">1.00')), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace('CRDT', 'BOTH')), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace('2026-03-01</Dt></BookgDt>', '2026-02-30</Dt></BookgDt>')), 'MESSAGE_MALFORMED'],
  [document(STATEMENT.replace('<Cd>BOOK</Cd>', '<Cd>DONE</Cd>')), 'MESSAGE_MALFORMED'],
])('%#: %.60s is refused: %s', (content, code) => {
  expect(codeOf(content)).toBe(code);
});

test('a message says where it breaks the rules', () => {
  const read = readBankStatements(document(STATEMENT.replace('EUR">1.00', 'EUR">1.001')));
  expect(!read.ok && read.failure.message).toContain('at Document/BkToCstmrStmt/Stmt/Bal[2]/Amt');
});
