import { onClockOf } from '../../../src/modules/programme-files/zoned-time.js';

test.each([
  ['the same zone', '2026-07-04 16:30', 'Europe/Lisbon', 'Europe/Lisbon', '2026-07-04 16:30'],
  ['the next day', '2026-07-04 16:30', 'Europe/Lisbon', 'Asia/Tokyo', '2026-07-05 00:30'],
  ['the day before', '2026-07-04 03:59', 'Europe/Lisbon', 'America/New_York', '2026-07-03 22:59'],
  ['winter', '2026-01-01 00:00', 'Europe/Moscow', 'Europe/Lisbon', '2025-12-31 21:00'],
  ['half an hour', '2026-01-01 12:00', 'Europe/Lisbon', 'Asia/Kolkata', '2026-01-01 17:30'],
  ['just before clocks go forward', '2026-03-29 00:59', 'Europe/Lisbon', 'Asia/Tokyo', '2026-03-29 09:59'],
  ['just after', '2026-03-29 02:00', 'Europe/Lisbon', 'Asia/Tokyo', '2026-03-29 10:00'],
  ['just after clocks went back', '2026-10-25 02:00', 'Europe/Lisbon', 'Asia/Tokyo', '2026-10-25 11:00'],
])('%s', (_, local, from, to, there) => {
  const [date = '', time = ''] = local.split(' ');
  const found = onClockOf({ date, time }, from, to);
  expect(`${found.date} ${found.time}`).toBe(there);
});
