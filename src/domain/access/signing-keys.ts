/**
 * Which of the issuer's keys signs, and which are still believed.
 *
 * Keys follow each other by the moment from which they sign. One is believed from the day it is made (so that it is
 * known everywhere before it signs) until the last token that it can have signed is over.
 */
export interface SigningKeyTimes {
  readonly kid: string;
  readonly signsFrom: Date;
  readonly revoked: boolean;
}

/** The key that signs at a moment: of those whose time has come the one that came last. */
export function signerAt<Key extends SigningKeyTimes>(keys: readonly Key[], now: Date): Key | undefined {
  return inOrder(keys)
    .filter(({ signsFrom }) => signsFrom <= now)
    .at(-1);
}

/** The keys that verify at a moment. @param longestLifeMs of a token, with whatever clocks may differ */
export function believedAt<Key extends SigningKeyTimes>(
  keys: readonly Key[],
  now: Date,
  longestLifeMs: number,
): readonly Key[] {
  const sorted = inOrder(keys);
  return sorted.filter((_, index) => {
    const successor = sorted[index + 1];
    return successor === undefined || now.getTime() < successor.signsFrom.getTime() + longestLifeMs;
  });
}

const inOrder = <Key extends SigningKeyTimes>(keys: readonly Key[]): Key[] =>
  keys
    .filter(({ revoked }) => !revoked)
    .sort((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime() || (a.kid < b.kid ? -1 : 1));
