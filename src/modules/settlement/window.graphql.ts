/** Windows as the schema shows them. */
import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import type { WindowRow } from './window.sql.js';

export const SettlementWindowStateEnum = enumType<WindowRow['state']>(
  'SettlementWindowState',
  'Whether a window still takes entries.',
  {
    OPEN: 'Everything that happens now is recorded in it.',
    CLOSED: 'It never changes again; its digest proves that.',
  },
);

/** A window as a command or a read brings it. */
interface WindowFacts {
  readonly id: string;
  readonly no: number;
  readonly programmeNo: number;
  readonly state: WindowRow['state'];
  readonly openedAt: Date;
  readonly closedAt?: Date | null | undefined;
  readonly settlementId?: string | null | undefined;
  readonly entryCount?: bigint | null | undefined;
  readonly postingCount?: bigint | null | undefined;
  readonly digest?: Uint8Array | null | undefined;
}

@ObjectType({
  implements: NodeInterface,
  description: 'A stretch of the journal of one programme that is settled as a whole.',
  simpleResolvers: true,
})
export class SettlementWindow extends NodeInterface {
  /** Not published. */
  readonly programmeNo!: number;
  readonly settlementId!: string | null;

  @Field(() => Int, { description: 'The number; a later window has a higher one.' })
  readonly number!: number;

  @Field(() => SettlementWindowStateEnum, { description: 'Whether it still takes entries.' })
  readonly state!: WindowRow['state'];

  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  readonly openedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed; null while it is open.' })
  readonly closedAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'Journal entries it holds; null until it is sealed.' })
  readonly entryCount!: number | null;

  @Field(() => Int, { nullable: true, description: 'Postings of these entries; null until it is sealed.' })
  readonly postingCount!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 over everything it holds, in hexadecimal: the proof that it never changed. Null until it is sealed.',
  })
  readonly digest!: string | null;

  static of(row: WindowFacts): SettlementWindow {
    const { id, no, programmeNo, settlementId, state, openedAt, closedAt, entryCount, postingCount, digest } = row;
    return Object.assign(new SettlementWindow(), {
      id,
      programmeNo,
      settlementId: settlementId ?? null,
      number: no,
      state,
      openedAt,
      closedAt: closedAt ?? null,
      entryCount: entryCount == null ? null : Number(entryCount),
      postingCount: postingCount == null ? null : Number(postingCount),
      digest: digest == null ? null : Buffer.from(digest).toString('hex'),
    });
  }
}

export const SettlementWindowConnection = connectionOf('SettlementWindow', () => SettlementWindow);
