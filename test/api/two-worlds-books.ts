/** What the partners of a world have besides, as rows: what takes a bank, a connector's partner or a hook to come about. */
import { v7 } from 'uuid';
import type { Gateway } from '../e2e/gateway.js';

const IBANS = ['DE89370400440532013000', 'GB29NWBK60161331926819', 'FR1420041010050500013M02606', 'NL91ABNA0417164300'];

/** @param mark stands in every text */
export async function keepBooks({ db }: Gateway, programme: string, world: string, mark: string): Promise<void> {
  const noOf = async (table: string, code: string): Promise<number> =>
    (await db.superuser.query<{ no: number }>(`select no from ${table} where code = $1`, [code])).rows[0]?.no ?? 0;
  const programmeNo = await noOf('programme', programme);
  const [shop, bank] = [await noOf('partner', `${world}-shop`), await noOf('partner', `${world}-bank`)];
  const anna = await noOf('member', `${world}-anna`);
  const run = async (text: string, ...values: unknown[]): Promise<void> => {
    await db.superuser.query(text, values);
  };
  const [account, clearing] = world === 'ant' ? IBANS : IBANS.slice(2);
  await run(
    `insert into dispute (id, line_id, programme_no, party_no, amount_minor, reason, evidence, opened_by, opened_at, opening_entry_no)
     select $1, id, programme_no, party_no, 1, $3, $5, 'first', now(), 1
     from (select l.id, $4::integer as programme_no, l.party_no from settlement_line l where party_no = $2 limit 1) line`,
    ...[v7(), shop, `${mark} reason of ${world}`, programmeNo],
    JSON.stringify([{ description: `${mark} letter`, url: `https://${mark}.example/`, sha256: 'c'.repeat(64) }]),
  );
  await run(
    `with run as (
       insert into reconciliation (id, programme_no, partner_no, from_day, until_day, sha256, given_count, here_count,
         matched_count, given_minor, here_minor, requested_by, requested_at)
       values ($1, $2, $3, '2026-03-01', '2026-03-31', repeat('a', 64), 1, 0, 0, 100, 0, $4, now()) returning id)
     insert into reconciliation_difference (reconciliation_id, no, partner_no, kind, reference, row_no, given_minor)
     select id, 1, $3, 'MISSING_HERE', $5, 1, 100 from run`,
    ...[v7(), programmeNo, shop, `requester of ${world}`, `missing-of-${world}`],
  );
  await run(
    `with client as (
       insert into api_client (id, name, kind, partner_no, scopes, registered_by, registered_at)
       values ($1, $2, 'PARTNER', $3, '{transactions:write}', 'first', now()) returning id),
     secret as (
       insert into client_secret (id, client_id, hash, created_at, last_used_at) select $4, id, sha256('x'), now(), now() from client)
     insert into client_key (id, client_id, kid, algorithm, jwk, added_at, last_used_at)
     select $5, id, $6, 'ES256', '{"kty": "EC"}', now(), now() from client`,
    ...[v7(), `till of ${world}`, shop, v7(), v7(), `${mark}-key`],
  );
  await run(
    `with endpoint as (
       insert into webhook_endpoint (id, partner_no, url, description, event_types, status_at, failing_since, created_by, created_at, cursor)
       values ($1, $2, $3, $4, '{balance.changed}', now(), now(), 'first', now(), 0) returning no)
     insert into webhook_attempt (id, endpoint_no, number, event_id, event_type, attempt, attempted_at, latency_ms, outcome, status, fault)
     select $5, no, 1, $1, 'balance.changed', 1, now(), 1, 'FAILED', 500, $6 from endpoint`,
    ...[v7(), shop, `https://hooks.${world}.example/`, `${mark} hook`, v7(), 'TIMED_OUT'],
  );
  await connect();
  await pay();
  await run(
    `insert into purchase_match (id, programme_no, member_no, earlier_id, later_id, likeness, proposed_at)
     select $1, programme_no, member_no, id, (select max(id::text)::uuid from transaction where member_no = $2),
       '{"score": 65, "grounds": [{"code": "AMOUNT", "points": 65}]}', now()
     from transaction where member_no = $2 order by id limit 1`,
    ...[v7(), anna],
  );

  /** Paused: nobody is asked. */
  async function connect(): Promise<void> {
    const [connectorId, runId] = [v7(), v7()];
    const fields = [{ field: 'reference', path: `${mark}.id`, words: [{ from: 'a', to: 'b' }] }];
    const endpoint = { capability: 'TRANSACTIONS', path: `/${mark}`, itemsAt: 'items', fields };
    await run(
      `insert into connector (id, code, partner_no, programme_no, kind, address, auth, endpoints, every_seconds, status, created_by,
         created_at, changed_at, next_run_at, cursor, last_run_at, last_fault_code, last_fault_detail, newest_at)
       values ($1, $2, $3, $4, 'HTTP_JSON', $5, '{"kind": "NONE"}', $6, 60, 'PAUSED', 'first', now(), now(), now(), $7, now(), 'HTTP', $8, now())`,
      ...[
        connectorId,
        `${world}-feed`,
        bank,
        programmeNo,
        `https://feed.${world}.example/`,
        JSON.stringify([endpoint]),
      ],
      ...[`${mark}-cursor`, `${mark} detail`],
    );
    await run(
      `insert into connector_run (id, connector_id, partner_no, started_at, ended_at, pages, fault_code, fault_detail)
       values ($1, $2, $3, now(), now(), 1, 'HTTP', $4)`,
      ...[runId, connectorId, bank, `${mark} detail`],
    );
    await run(
      `insert into connector_reject (id, connector_id, partner_no, run_id, item_hash, reference, file_name, line, code, reason, rejected_at)
       values ($1, $2, $3, $4, sha256('x'), $5, $6, 1, 'UNKNOWN_PAYER', $7, now())`,
      ...[v7(), connectorId, bank, runId, `${mark}-item`, `${mark}.csv`, `${mark} nobody`],
    );
    await run(
      `insert into connector_file (connector_id, sha256, partner_no, name, rows, taken_at) values ($1, sha256('x'), $2, $3, 1, now())`,
      ...[connectorId, bank, `${mark}.csv`],
    );
    await run(
      `insert into partner_payout (redemption_id, member_no, programme_no, partner_no, connector_id, card_id, amount_minor, currency_code,
         state, asked, next_ask_at, last_fault_code, bank_reference, bank_reason, made_at, settled_at)
       select r.id, r.member_no, $1, $2, $3, c.id, r.captured_minor + 1, 'EUR', 'FAILED', 1, now(), 'HTTP', $4, $5, now(), now()
       from redemption r, card c where r.member_no = $6 and r.kind = 'CASH_OUT' and r.state = 'CAPTURED' and c.member_no = $6`,
      ...[programmeNo, bank, connectorId, `${mark}-bank`, `${mark} no such account`, anna],
    );
  }

  /** An account of the shop, a payment to it, and a receipt from it. */
  async function pay(): Promise<void> {
    const [accountId, fileId, messageId, statementId] = [v7(), v7(), v7(), v7()];
    const accountNo = world === 'ant' ? 98 : 99;
    await run(
      `insert into bank_account (id, partner_no, holder_name, iban, state, proposed_by, proposed_at, decided_by, decided_at)
       values ($1, $2, $3, $4, 'ACTIVE', 'first', now(), 'second', now())`,
      ...[accountId, shop, `holder of ${world}`, account],
    );
    await run(
      `insert into bank_account (id, no, programme_no, currency_code, holder_name, iban, state, proposed_by, proposed_at, decided_by, decided_at, replaced_at)
       values ($1, $2, $3, 'EUR', 'Clearing', $4, 'REPLACED', 'first', now(), 'second', now(), now())`,
      ...[v7(), accountNo, programmeNo, clearing],
    );
    await run(
      `insert into payment_file (id, programme_no, account_no, message_id, currency_code, execution_date, payment_count,
         amount_minor, created_by, created_at, content, sha256)
       values ($1, $2, $3, $4, 'EUR', '2026-03-01', 1, 1, 'first', now(), $5, 'x')`,
      ...[fileId, programmeNo, accountNo, `${mark}-file`, `<Document>${mark}</Document>`],
    );
    await run(
      `insert into payment (id, file_id, programme_no, partner_no, purpose, line_id, bank_account_id, amount_minor,
         currency_code, end_to_end_id, attempt, state, reason_code, reason_text, entry_no, instructed_at, changed_at)
       select $1, $2, $3, $4, 'SETTLEMENT', l.id, $5, 1, 'EUR', $6, 1, 'REJECTED', 'AC04', $7, 0, now(), now()
       from settlement_line l where l.party_no = $4 limit 1`,
      ...[v7(), fileId, programmeNo, shop, accountId, `${mark}-1`, `${mark} closed`],
    );
    await run(
      `insert into bank_message (id, programme_no, account_no, version, message_id, content_sha256, uploaded_by, uploaded_at)
       values ($1, $2, $3, 'camt.053.001.08', $4, 'x', 'first', now())`,
      ...[messageId, programmeNo, accountNo, `${mark}-message`],
    );
    await run(
      `insert into bank_statement (id, message_id, programme_no, account_no, statement_id, opening_minor, closing_minor, closed_on)
       values ($1, $2, $3, $4, $5, 0, 1, '2026-03-01')`,
      ...[statementId, messageId, programmeNo, accountNo, `${mark}-statement`],
    );
    await run(
      `insert into bank_movement (id, statement_id, line, programme_no, amount_minor, booked_on, match, partner_no, unallocated_minor,
         end_to_end_id, counterparty_name, remittance)
       values ($1, $2, 1, $3, 1, '2026-03-01', 'RECEIVED', $4, 0, $5, $6, $7)`,
      ...[v7(), statementId, programmeNo, shop, `${mark}-2`, `${mark} Limited`, `${mark} thanks`],
    );
  }
}
