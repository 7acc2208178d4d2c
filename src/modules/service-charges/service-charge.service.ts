/** Recording what partners invoice: the tax is owed to them from then on (entry 27). */
import type { Principal } from '../../domain/access/principal.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { serviceChargeEntry } from '../../domain/ledger/partner-charges.js';
import { checkServiceCharge } from '../../domain/settlement/service-charge.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { openWindows, recordEntries, takeEntryNumbers } from '../ledger/index.js';
import type { PartnerDirectory } from '../partners/index.js';
import type { Programmes } from '../programmes/index.js';
import type { ServiceChargeErrorCode } from './service-charge.errors.js';
import { insertServiceCharge } from './service-charge.sql.js';

export interface ServiceChargeCommand {
  readonly programmeCode: string;
  readonly partnerCode: string;
  readonly invoiceNumber: string;
  readonly invoicedOn: BusinessDate;
  readonly net: MoneyInput;
  readonly taxCode: string;
  readonly tax: MoneyInput;
  readonly idempotencyKey: string;
}

export class ServiceChargeService {
  constructor(
    private readonly database: Database,
    /** Programmes and partners as committed now. */
    private readonly parties: () => Promise<{ readonly programmes: Programmes; readonly partners: PartnerDirectory }>,
  ) {}

  async record(
    principal: Principal,
    command: ServiceChargeCommand,
  ): Promise<Result<{ readonly id: string }, ServiceChargeErrorCode>> {
    authorize(principal, 'serviceCharge.record');
    const { programmeCode, partnerCode, invoiceNumber, invoicedOn, taxCode, idempotencyKey } = command;
    const { programmes, partners } = await this.parties();
    const programme = programmes.byCode(programmeCode);
    if (programme === undefined)
      return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; check the code.`, 'programmeCode');
    const partner = partners.byCode(partnerCode);
    if (partner === undefined || !partners.hasContractIn(partner.no, programme.no)) {
      return fail(
        'UNKNOWN_PARTNER',
        `No partner "${partnerCode}" has a contract with "${programmeCode}"; check the code.`,
        'partnerCode',
      );
    }
    const netMinor = parseMoney(command.net, programme.currencyCode, 'net');
    if (!netMinor.ok) return netMinor;
    const taxMinor = parseMoney(command.tax, programme.currencyCode, 'tax');
    if (!taxMinor.ok) return taxMinor;
    const charge = { invoiceNumber, invoicedOn, netMinor: netMinor.value, taxCode, taxMinor: taxMinor.value };
    const body = {
      programmeCode,
      partnerCode,
      ...charge,
      netMinor: `${charge.netMinor}`,
      taxMinor: `${charge.taxMinor}`,
    };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'RECORD_SERVICE_CHARGE', body };
    return this.database.command(async (tx) => {
      const { now, windows } = await openWindows(tx, [programme.no]);
      const window = windows.get(programme.no);
      invariant(window, 'openWindows answers for every programme');
      return answerOnce<{ readonly id: string }, ServiceChargeErrorCode>(tx, key, async () => {
        const today = businessDateIn(now, programme.timeZone);
        const checked = checkServiceCharge(charge, today);
        if (!checked.ok) return checked;
        const entryNos = await takeEntryNumbers(tx, 1);
        const row = {
          ...charge,
          ...{ id: newId(), programmeNo: programme.no, partnerNo: partner.no },
          ...{ recordedBy: principal.subject, recordedAt: now, entryNo: entryNos[0] as bigint },
        };
        if (!(await insertServiceCharge(tx, row))) {
          return fail(
            'INVOICE_KNOWN',
            `The invoice ${invoiceNumber} of "${partnerCode}" has been recorded before; see serviceCharges.`,
            'invoiceNumber',
          );
        }
        const entry = serviceChargeEntry(charge.taxMinor, { partnerNo: partner.no, businessDate: today });
        await recordEntries(tx, window, now, [entry], entryNos);
        return ok({ id: row.id });
      });
    });
  }
}
