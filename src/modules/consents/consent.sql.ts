/** Receipts of consent: what was said last, and one more. */
import type {
  ConsentChannel,
  ConsentPurpose,
  ConsentState,
  Notice,
  StandingConsent,
} from '../../domain/consents/consent.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';
import type { ConsentReceiptEntity } from './consent.entity.js';

/** Whom a consent is about when it is about no partner. */
export const PROGRAMME_ITSELF = 0;

const COLUMNS = `id, member_no as "memberNo", purpose, partner_no as "partnerNo", version, state,
  recorded_at as "recordedAt", recorded_by as "recordedBy", channel, notice_version as "noticeVersion",
  notice_language as "noticeLanguage", notice_sha256 as "noticeSha256", evidence, evidence_sealed as "evidenceSealed"`;

const EVIDENCE = new SealedText('consent_receipt', 'evidence');

interface StoredReceipt extends ConsentReceiptEntity {
  readonly evidenceSealed: Buffer | null;
  readonly evidence: string | null;
}

const opened = ({ secrets }: DbTransaction, row: StoredReceipt): ConsentReceiptEntity => ({
  ...row,
  evidence: EVIDENCE.open(secrets, row.id, row.evidenceSealed, row.evidence),
});

const FIND_LAST = statement(
  'consents.find-last',
  `select ${COLUMNS} from consent_receipt
   where member_no = $1 and purpose = $2 and partner_no = $3 order by version desc limit 1`,
);

/** What the member said last; it is locked when something is decided by it. */
export async function findLastReceipt(
  tx: DbTransaction,
  memberNo: number,
  purpose: ConsentPurpose,
  partnerNo: number,
): Promise<ConsentReceiptEntity | undefined> {
  const [row] = await tx.run<StoredReceipt>(FIND_LAST, [memberNo, purpose, partnerNo]);
  return row && opened(tx, row);
}

export const standing = ({
  version,
  state,
  noticeVersion,
  noticeLanguage,
  noticeSha256,
}: ConsentReceiptEntity): StandingConsent => ({
  version,
  state,
  notice: noticeOf({ noticeVersion, noticeLanguage, noticeSha256 }),
});

export const noticeOf = ({
  noticeVersion,
  noticeLanguage,
  noticeSha256,
}: {
  readonly noticeVersion?: string | null | undefined;
  readonly noticeLanguage?: string | null | undefined;
  readonly noticeSha256?: string | null | undefined;
}): Notice | undefined =>
  noticeVersion && noticeLanguage && noticeSha256
    ? { version: noticeVersion, language: noticeLanguage, sha256: noticeSha256 }
    : undefined;

export interface NewReceipt {
  readonly id: string;
  readonly memberNo: number;
  readonly purpose: ConsentPurpose;
  readonly partnerNo: number;
  readonly version: number;
  readonly state: ConsentState;
  readonly recordedBy: string;
  readonly channel: ConsentChannel;
  readonly notice?: Notice | undefined;
  readonly evidence?: string | undefined;
}

const INSERT = statement(
  'consents.insert',
  `insert into consent_receipt (id, member_no, purpose, partner_no, version, state, recorded_at, recorded_by, channel,
     notice_version, notice_language, notice_sha256, evidence_sealed)
   values ($1, $2, $3, $4, $5, $6, hansa_now(), $7, $8, $9, $10, $11, $12) returning ${COLUMNS}`,
);

export async function insertReceipt(tx: DbTransaction, receipt: NewReceipt): Promise<ConsentReceiptEntity> {
  const { id, memberNo, purpose, partnerNo, version, state, recordedBy, channel, notice, evidence } = receipt;
  const [row] = await tx.run<StoredReceipt>(INSERT, [
    id,
    memberNo,
    purpose,
    partnerNo,
    version,
    state,
    recordedBy,
    channel,
    notice?.version ?? null,
    notice?.language ?? null,
    notice?.sha256 ?? null,
    EVIDENCE.seal(tx.secrets, id, evidence),
  ]);
  invariant(row !== undefined, 'an insert answers with its row');
  return opened(tx, row);
}
