/** The same moment on two clocks. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';

export interface LocalTime {
  readonly date: BusinessDate;
  /** HH:MM */
  readonly time: string;
}

/** What another zone's clock shows at a moment of `from`. A time that a clock skips or repeats is read as one of the two. */
export function onClockOf(local: LocalTime, from: string, to: string): LocalTime {
  const wanted = asIfUtc(local);
  // The offset at a first guess may be that of the other side of a change; the second one is right.
  const guess = wanted - (asIfUtc(clockAt(wanted, from)) - wanted);
  const instant = guess - (asIfUtc(clockAt(guess, from)) - wanted);
  return clockAt(instant, to);
}

const asIfUtc = ({ date, time }: LocalTime): number => Date.parse(`${date}T${time}:00Z`);

function clockAt(instantMs: number, timeZone: string): LocalTime {
  const written = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
    instantMs,
  );
  return { date: written.slice(0, 10), time: written.slice(11, 16) };
}
