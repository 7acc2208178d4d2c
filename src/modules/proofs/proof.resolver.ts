/** Proofs: input -> what is asked of the service, part -> payload. */
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { badUserInput } from '../../graphql/bad-user-input.js';
import type { GatewayContext } from '../../graphql/context.js';
import { cursorOf, type Keyset, readCursor } from '../../graphql/keyset.js';
import { isId } from '../../graphql/scalars.js';
import { authorize } from '../access/index.js';
import { Settlement } from '../settlement/index.js';
import { ChainBlockEntity } from './chain.entity.js';
import { SEAL_OF_SETTLEMENT } from './chain.loaders.js';
import { ChainBlock, ProofPart } from './proof.graphql.js';
import type { ProofPage, ProofPlace, ProofService } from './proof.service.js';

const PLACES: Keyset = {
  name: 'proof',
  columns: [
    { property: 'head', kind: 'integer' },
    { property: 'no', kind: 'bigint' },
    { property: 'memberNo', kind: 'integer' },
  ],
  direction: 'ASC',
};

const AFTER = 'The endCursor of the part before; leave it out for the first.';

function placeOf(after: string | null | undefined): ProofPlace | undefined {
  if (after === null || after === undefined) return undefined;
  const [head, no, memberNo] = readCursor(PLACES, after, 'after') as [string, string, string];
  return { head: Number(head), no: BigInt(no), memberNo: Number(memberNo) };
}

function partOf(page: ProofPage | undefined, place?: ProofPlace): ProofPart | null {
  if (page === undefined && place !== undefined) throw badUserInput('The cursor in "after" is not one of this proof.');
  if (page === undefined) return null;
  const { ready, text, next } = page;
  const endCursor = next === undefined ? null : cursorOf(PLACES, next);
  return Object.assign(new ProofPart(), {
    state: ready ? 'READY' : 'PENDING',
    text,
    endCursor,
    hasNextPart: endCursor !== null,
  });
}

@Resolver()
export class ProofResolver {
  constructor(private readonly proofs: ProofService) {}

  @Query(() => ChainBlock, {
    nullable: true,
    description: 'The newest block of the chain over the journal; null while nothing is sealed.',
  })
  async chainHead(@Ctx() { em, principal }: GatewayContext): Promise<ChainBlock | null> {
    authorize(principal, 'chain.read');
    const [head] = await em.find(ChainBlockEntity, {}, { orderBy: { sequence: 'desc' }, limit: 1 });
    return head === undefined ? null : ChainBlock.of(head);
  }

  @Query(() => ProofPart, {
    nullable: true,
    description: 'Proves that a block, such as the head of an earlier proof, is a part of the chain as it stands now.',
  })
  async chainProof(
    @Arg('sequence', () => Int, { description: 'The number of the block.' }) sequence: number,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ProofPart | null> {
    return partOf(await this.proofs.ofBlock(principal, sequence));
  }

  @Query(() => ProofPart, {
    nullable: true,
    description:
      "The entries behind a partner's statement, proved to be in the sealed journal. Null when the partner has no part " +
      'in that settlement. A partner gets its own.',
  })
  async settlementProof(
    @Arg('settlementId', () => ID, { description: 'The settlement.' }) settlementId: string,
    @Arg('partnerCode', () => String, { description: 'The partner.' }) partnerCode: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ProofPart | null> {
    const place = placeOf(after);
    if (!isId(settlementId)) return null;
    return partOf(await this.proofs.ofSettlement(principal, { settlementId, partnerCode }, place), place);
  }

  @Query(() => ProofPart, {
    nullable: true,
    description:
      "All entries that make a member's balances, proved to be in the sealed journal: for the member itself and for those " +
      'who run the programme. What is not sealed yet is not in it.',
  })
  async memberProof(
    @Arg('memberId', () => ID, { description: 'The member.' }) memberId: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ProofPart | null> {
    const place = placeOf(after);
    if (!isId(memberId)) return null;
    return partOf(await this.proofs.ofMember(principal, memberId, place), place);
  }
}

@Resolver(() => Settlement)
export class SettlementSealResolver {
  @FieldResolver(() => ChainBlock, {
    nullable: true,
    description: 'The first block of the chain by which everything it settles was sealed; null until then.',
  })
  async sealedBy(@Root() { id }: Settlement, @Ctx() { loader }: GatewayContext): Promise<ChainBlock | null> {
    return (await loader(SEAL_OF_SETTLEMENT).load(id)) ?? null;
  }
}
