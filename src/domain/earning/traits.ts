/**
 * What decisions may know about a member besides its purchases: segments, birthday, clock, what it activated
 * and chose.
 *
 * All of it is dated, so that a purchase which arrives late is decided as if it had arrived on its day. Only
 * what the rules make of it (member-gates.ts, choice.ts, experiment.ts) is kept with a decision.
 */
import type { BusinessDate } from '../kernel/calendar.js';

export interface MemberTraits {
  /** Public id of the member: what draws are made by. */
  readonly id: string;
  readonly segments: readonly SegmentMembership[];
  /** MM-DD; the year is nobody's business. */
  readonly birthday?: string | undefined;
  /** IANA zone of the member's own clock; the programme's when absent. */
  readonly timeZone?: string | undefined;
  readonly activations: readonly Activation[];
  /** In the order in which they were made: the last one that counts on a day is in force. */
  readonly choices: readonly MadeChoice[];
  readonly enrolledOn?: BusinessDate | undefined;
}

/** Inclusive days, open when absent. */
export interface SegmentMembership {
  readonly code: string;
  readonly from?: BusinessDate | undefined;
  readonly until?: BusinessDate | undefined;
}

export interface Activation {
  readonly rule: string;
  /** First day of the period it is for; BEGINNING (periods.ts) for a rule that is activated once for ever. */
  readonly period: BusinessDate;
  /** Purchases of earlier days do not have it; when absent it was always there. */
  readonly activatedOn?: BusinessDate | undefined;
}

export interface MadeChoice {
  readonly choice: string;
  /** First day of the period it is for. */
  readonly period: BusinessDate;
  readonly categories: readonly string[];
  /** It counts from this day on; when absent from the first day of its period. */
  readonly chosenOn?: BusinessDate | undefined;
}

/** A member about whom nothing is known. */
export const noTraits = (id: string): MemberTraits => ({ id, segments: [], activations: [], choices: [] });

/** Whether the member is in the segment on that day. */
export const inSegment = (traits: MemberTraits, segment: string, date: BusinessDate): boolean =>
  traits.segments.some(
    ({ code, from, until }) =>
      code === segment && (from === undefined || from <= date) && (until === undefined || date <= until),
  );
