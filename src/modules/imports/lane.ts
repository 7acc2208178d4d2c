/** Which of the lanes side by side a member's rows go to (lanes.ts). */

/** Part of what is stored: a run that was killed within a page is finished with the lanes it was begun with. */
export const LANES = 4;

/** The lane of a member (FNV-1a). */
export function laneOf(memberCode: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < memberCode.length; index += 1)
    hash = Math.imul(hash ^ memberCode.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % LANES;
}
