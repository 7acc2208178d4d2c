/** What banks sent: every message is taken once. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface NewMessage {
  readonly id: string;
  readonly programmeNo: number;
  readonly accountNo: number;
  readonly version: string;
  readonly messageId: string;
  readonly contentSha256: string;
  readonly uploadedBy: string;
  readonly uploadedAt: Date;
}

const FIND_MESSAGE = statement(
  'payments.find-message',
  `select id, content_sha256 as "contentSha256" from bank_message
   where account_no = $1 and version = $2 and message_id = $3`,
);

export async function findMessage(
  tx: DbTransaction,
  { accountNo, version, messageId }: Pick<NewMessage, 'accountNo' | 'version' | 'messageId'>,
): Promise<{ readonly id: string; readonly contentSha256: string } | undefined> {
  const [row] = await tx.run<{ id: string; contentSha256: string }>(FIND_MESSAGE, [accountNo, version, messageId]);
  return row;
}

const INSERT_MESSAGE = statement(
  'payments.insert-message',
  `insert into bank_message (id, programme_no, account_no, version, message_id, content_sha256, uploaded_by, uploaded_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

export async function insertMessage(tx: DbTransaction, message: NewMessage): Promise<void> {
  const { id, programmeNo, accountNo, version, messageId, contentSha256, uploadedBy, uploadedAt } = message;
  await tx.run(INSERT_MESSAGE, [id, programmeNo, accountNo, version, messageId, contentSha256, uploadedBy, uploadedAt]);
}
