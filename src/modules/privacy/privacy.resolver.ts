/** Erasure and export: input -> command, result -> payload. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import type { ErasureService } from './erasure.service.js';
import type { ExportService } from './export.service.js';
import {
  ErasureReceipt,
  MemberDataExportInput,
  MemberDataExportPayload,
  MemberEraseInput,
  MemberErasePayload,
  PrivacyUserError,
} from './privacy.graphql.js';

@Resolver()
export class PrivacyResolver {
  constructor(
    private readonly erasures: ErasureService,
    private readonly exports: ExportService,
  ) {}

  @Mutation(() => MemberErasePayload, {
    nullable: true,
    description:
      'Erases a member for ever: for the member itself, and those who run the programme. Refused, with every reason, while ' +
      'units or money are open. The code can be enrolled anew, as another member. Again answers with the receipt there is.',
  })
  async memberErase(
    @Arg('input', () => MemberEraseInput, { description: 'The member.' }) { memberId, forfeitUnits }: MemberEraseInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<MemberErasePayload> {
    const result = await this.erasures.erase(principal, { memberId, forfeitUnits: forfeitUnits ?? false });
    if (!result.ok) return { userErrors: PrivacyUserError.from(...result.failures) };
    const { id, erasedAt, forfeitedUnits, rows } = result.receipt;
    const erased = Object.entries(rows).map(([table, count]) => ({ table, rows: count }));
    const receipt = { id, memberId, erasedAt, forfeitedSteps: forfeitedUnits.toString(), erased };
    return { receipt: Object.assign(new ErasureReceipt(), receipt), userErrors: [] };
  }

  @Mutation(() => MemberDataExportPayload, {
    nullable: true,
    description:
      'Everything that is kept about a member, part by part: for the member itself, and for those who run the programme, ' +
      'who name a ground. A mutation because it leaves its entry in the audit log.',
  })
  async memberDataExport(
    @Arg('input', () => MemberDataExportInput, { description: 'Whose data, and which part.' })
    { memberId, ground, after }: MemberDataExportInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<MemberDataExportPayload> {
    const wanted = { memberId, ground: ground ?? undefined, after: after ?? undefined };
    const result = await this.exports.part(principal, wanted);
    if (!result.ok) return { userErrors: PrivacyUserError.from(result.failure) };
    return { part: { text: result.value.text, next: result.value.next ?? null }, userErrors: [] };
  }
}
