/** Reads of the API that join tables of several modules: run through the reader, which sees what the caller may see. */

// ?: [{key, member_no, from_day}]
export const PURCHASES_OF_MEMBERS = `
  select given.key, kept.*
  from json_to_recordset(?::json) as given (key integer, member_no integer, from_day date)
  cross join lateral (
    select latest.* from (
      select t.id, t.member_no, t.business_date::text as business_date, (t.amount_minor - t.refunded_minor)::text as kept_minor,
             t.category_code, t.channel, t.mcc, t.merchant_no, t.outlet_id, t.card_id, t.facts
      from transaction t
      where t.member_no = given.member_no and t.business_date >= given.from_day and t.kind = 'PURCHASE'
        and t.amount_minor > t.refunded_minor
      order by t.business_date desc, t.id desc limit 1000
    ) latest order by latest.business_date, latest.id
  ) kept
  order by given.key, kept.business_date, kept.id`;

// ?: ["programme/code/period"]
export const BUDGETS_USED = `
  select given.key, b.used::text as used
  from json_array_elements_text(?::json) as given (key)
  join budget_counter b on b.programme_no = split_part(given.key, '/', 1)::integer
    and b.code = split_part(given.key, '/', 2) and b.period = split_part(given.key, '/', 3)::date`;
