/**
 * What a mapping declares, made where it is missing: the programme, the issuer, the partners with their
 * outlets and contracts. Repeatable; what exists already stays as it is, also when the mapping says otherwise.
 */
import type { Principal } from '../../domain/access/principal.js';
import type { Result } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { loadPartners, type PartnerDirectory, type PartnerService } from '../partners/index.js';
import { loadProgrammes, type ProgrammeRecord, type ProgrammeService } from '../programmes/index.js';
import type { ImportPlan } from './import-plan.js';
import { type MappedPartner, newPartnerOf, termsOf } from './mapping-shape.js';

export interface Bootstrapped {
  readonly programme: ProgrammeRecord;
  readonly issuerNo: number;
}

export async function bootstrap(
  {
    database,
    programmes,
    partners,
  }: { readonly database: Database; readonly programmes: ProgrammeService; readonly partners: PartnerService },
  principal: Principal,
  plan: ImportPlan,
): Promise<Bootstrapped> {
  const before = await database.command(loadPartners);
  const { issuer } = plan.mapping;
  if (before.byCode(issuer) === undefined && !plan.mapping.partners.some(({ code }) => code === issuer)) {
    throw new OperatorError(
      `There is no partner "${issuer}", which the mapping names as the issuer: onboard it, or add it to the mapping's partners.`,
    );
  }
  if (plan.programmeSource !== undefined) {
    const { file, text } = plan.programmeSource;
    const applied = await programmes.apply(principal, text, { fileName: file });
    if (!applied.ok) throw new OperatorError(applied.failures.map(({ message }) => `${file}: ${message}`).join('\n'));
    if (applied.outcome === 'WAITING')
      throw new OperatorError(
        `${file} waits for a second person: let somebody approve it (hansa programme approve ${applied.programme.code} --as NAME), then import again.`,
      );
  }
  const programme = (await database.command(loadProgrammes)).byCode(plan.terms.code);
  if (programme === undefined) throw new OperatorError(`The programme "${plan.terms.code}" is gone; publish it again.`);
  for (const partner of plan.mapping.partners)
    await ensurePartner(partners, principal, plan, before, programme, partner);
  const issuerNo = (await database.command(loadPartners)).byCode(issuer)?.no;
  if (issuerNo === undefined) throw new OperatorError(`The partner "${issuer}" is gone; import again.`);
  return { programme, issuerNo };
}

async function ensurePartner(
  service: PartnerService,
  principal: Principal,
  { mapping, terms }: ImportPlan,
  before: PartnerDirectory,
  programme: ProgrammeRecord,
  partner: MappedPartner,
): Promise<void> {
  const { minimumPayout, ...agreed } = termsOf(mapping, partner);
  const contract = {
    ...agreed,
    programmeCode: programme.code,
    minimumPayout: { amount: minimumPayout, currencyCode: terms.currencyCode },
  };
  const wanted = newPartnerOf(partner);
  const known = before.byCode(partner.code);
  if (known === undefined) {
    required(partner.code, await service.onboard(principal, { ...wanted, contract }));
    return;
  }
  for (const outlet of wanted.outlets) {
    if (before.outlet(partner.code, outlet.code) === undefined)
      required(partner.code, await service.addOutlet(principal, partner.code, outlet));
  }
  if (!before.hasContractIn(known.no, programme.no))
    required(partner.code, await service.agreeContract(principal, partner.code, contract));
}

function required(partnerCode: string, result: Result<unknown, string>): void {
  if (!result.ok)
    throw new OperatorError(
      `The partner "${partnerCode}" of the mapping cannot be taken in: ${result.failure.message}`,
    );
}
