/** Proofs and the chain as the schema shows them. */
import { Field, Int, ObjectType } from 'type-graphql';
import { enumType } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import type { ChainBlockEntity } from './chain.entity.js';

export type ProofState = 'READY' | 'PENDING';

export const ProofStateEnum = enumType<ProofState>('ProofState', 'Whether a proof can be given.', {
  READY: 'It is there.',
  PENDING: 'The newest entries are not sealed yet; ask again in a minute.',
});

@ObjectType({
  description:
    'A part of a proof: lines of text that `hansa proof verify` checks without the gateway, once all parts stand in one ' +
    'file in the order they were answered. docs/PROOFS.md describes the lines.',
  simpleResolvers: true,
})
export class ProofPart {
  @Field(() => ProofStateEnum, { description: 'Whether it can be given.' })
  readonly state!: ProofState;

  @Field(() => String, { description: 'The lines, each ended by a line feed; empty while the proof is pending.' })
  readonly text!: string;

  @Field(() => Boolean, { description: 'Whether there is more.' })
  readonly hasNextPart!: boolean;

  @Field(() => String, { nullable: true, description: 'Give it as `after` for the next part; null after the last.' })
  readonly endCursor!: string | null;
}

@ObjectType({
  description:
    'A block of the chain over the journal. Keep its sequence and hash: whoever has them can tell for ever whether ' +
    'anything up to it was changed.',
  simpleResolvers: true,
})
export class ChainBlock {
  @Field(() => Int, { description: 'Its number: 1, 2, 3 without gaps.' })
  readonly sequence!: number;

  @Field(() => String, { description: 'Its hash, SHA-256 in hexadecimal.' })
  readonly hash!: string;

  @Field(() => Int, { description: 'How many journal entries it seals.' })
  readonly entryCount!: number;

  @Field(() => DateTimeScalar, { description: 'When it was sealed.' })
  readonly sealedAt!: Date;

  static of({ sequence, hash, entryCount, sealedAt }: ChainBlockEntity): ChainBlock {
    return Object.assign(new ChainBlock(), {
      sequence,
      entryCount,
      sealedAt,
      hash: Buffer.from(hash).toString('hex'),
    });
  }
}
