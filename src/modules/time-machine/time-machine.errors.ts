/** Why a question about the past has no answer. */
export type TimeMachineErrorCode = 'WHEN_MISSING' | 'BEFORE_RECORDS' | 'IN_THE_FUTURE' | 'UNKNOWN_PROGRAMME';

export const TIME_MACHINE_ERRORS: Readonly<Record<TimeMachineErrorCode, string>> = {
  WHEN_MISSING: 'Neither an instant nor a day was given.',
  BEFORE_RECORDS: 'The records begin later than what was asked for.',
  IN_THE_FUTURE: 'What was asked for has not come yet.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
};
