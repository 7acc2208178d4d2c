import { canonicalDigest } from '../../domain/kernel/canonical.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, type Scope } from './invariant-check.js';
import { lowestIdOf, reachOfMessages } from './verified-upto.js';

/** Messages per page: a page of payloads must fit in memory. */
const PAGE = 20_000;

const READ_PAGE = statement(
  'verify.i05-one-key-one-body',
  `select s.id, s.member_no as "memberNo", s.partner_no as "partnerNo", s.kind, s.reference, s.payload::text as payload,
          s.body_hash as "sourceHash", k.body_hash as "keyHash", k.source_id as "keyOf"
   from transaction_source s
   left join business_key k on k.partner_no = s.partner_no and k.kind = s.kind and k.reference = s.reference
   where s.id > $2::uuid
     and ($1::integer is null or s.member_no in (select no from member where programme_no = $1))
   order by s.id limit ${PAGE}`,
);

interface Message {
  readonly id: string;
  readonly memberNo: number;
  readonly partnerNo: number;
  readonly kind: number;
  readonly reference: string;
  readonly payload: string;
  readonly sourceHash: Buffer;
  /** Null when the key is missing: that is I7's to find. */
  readonly keyHash: Buffer | null;
  readonly keyOf: string | null;
}

/** Messages never change, so reading them page by page sees the same as one statement would. */
async function find(tx: DbTransaction, { programmeNo, after: reached }: Scope): Promise<FoundRow[]> {
  const found: FoundRow[] = [];
  for (let after = lowestIdOf(reached); found.length < MOST_FINDINGS; ) {
    const page = await tx.run<Message>(READ_PAGE, [programmeNo, after]);
    for (const message of page) {
      const finding = judge(message);
      if (finding !== undefined) found.push(finding);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last.id;
  }
  return found.slice(0, MOST_FINDINGS);
}

function judge(message: Message): FoundRow | undefined {
  const { id, memberNo, partnerNo, kind, reference, sourceHash, keyHash, keyOf } = message;
  const source = { table: 'transaction_source', row: `id=${id} member_no=${memberNo}` };
  const payload = JSON.parse(message.payload) as { readonly erased?: boolean };
  // Of an erased member what was personal has left the payload: its key alone still tells what it was.
  if (payload.erased !== true && !sourceHash.equals(canonicalDigest(payload))) {
    return { ...source, message: `The payload of message ${reference} is not the one its hash was taken of.` };
  }
  if (keyHash === null) return undefined;
  if (keyOf !== id)
    return { ...source, message: `Message ${reference} was taken in although its key belonged to message ${keyOf}.` };
  if (keyHash.equals(sourceHash)) return undefined;
  return {
    table: 'business_key',
    row: `partner_no=${partnerNo} kind=${kind} reference=${reference}`,
    message: `The key remembers another body than its message ${id} has.`,
  };
}

export const oneKeyOneBody: InvariantCheck = {
  invariant: 'I5',
  sentence: ({ sources }) => `each of ${sources} messages is the only one of its key, with the body that was hashed`,
  reach: reachOfMessages,
  find,
};
