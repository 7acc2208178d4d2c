/** Batched reads of windows, settlements and their lines, as the caller may see them. */
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { SettlementWindowEntity, WindowPositionEntity } from '../ledger/index.js';
import { ProgrammeEntity } from '../programmes/index.js';
import { type Notation, SettlementLine } from './line.graphql.js';
import {
  SettlementEntity,
  SettlementItemEntity,
  SettlementLineEntity,
  SettlementStatementEntity,
} from './settlement.entity.js';
import { Settlement } from './settlement.graphql.js';
import type { StatementFacts } from './statement.graphql.js';

export const SETTLEMENT_BY_ID: LoaderDefinition<string, Settlement | undefined> = {
  name: 'settlement.by-id',
  async load(ids, { em }) {
    const found = await em.find(SettlementEntity, { id: { $in: [...ids] } });
    return inOrderOf(ids, found, ({ id }) => id).map((row) => row && Settlement.of(row));
  },
};

/** Windows of which a settlement took positions that the caller may see, or that it completed; the oldest first. */
export const WINDOWS_OF_SETTLEMENT: LoaderDefinition<string, readonly SettlementWindowEntity[]> = {
  name: 'settlement.windows-of-settlement',
  async load(ids, { em }) {
    const positions = await em.find(WindowPositionEntity, { settlementId: { $in: [...ids] } });
    const takenBy = Map.groupBy(positions, ({ settlementId }) => settlementId as string);
    const found = await em.find(
      SettlementWindowEntity,
      { $or: [{ settlementId: { $in: [...ids] } }, { no: { $in: positions.map(({ windowNo }) => windowNo) } }] },
      { orderBy: { no: 'asc' } },
    );
    return ids.map((id) => {
      const taken = new Set(takenBy.get(id)?.map(({ windowNo }) => windowNo));
      return found.filter(({ no, settlementId }) => settlementId === id || taken.has(no));
    });
  },
};

/** What the amounts of a settlement are written in, by its id. */
async function notationsOf(ids: readonly string[], { em }: GatewayContext): Promise<Map<string, Notation>> {
  const settlements = await em.find(SettlementEntity, { id: { $in: [...ids] } });
  const programmes = await em.find(ProgrammeEntity, { no: { $in: settlements.map(({ programmeNo }) => programmeNo) } });
  return new Map(
    settlements.map(({ id, programmeNo, currencyCode }) => [
      id,
      { currencyCode, unitScale: programmes.find(({ no }) => no === programmeNo)?.unitScale ?? 0 },
    ]),
  );
}

export const NOTATION_OF_SETTLEMENT: LoaderDefinition<string, Notation | undefined> = {
  name: 'settlement.notation-of-settlement',
  async load(ids, context) {
    const notations = await notationsOf(ids, context);
    return ids.map((id) => notations.get(id));
  },
};

/** The lines that the caller may see: partners in order of their number, then the programme. */
export const LINES_OF_SETTLEMENT: LoaderDefinition<string, readonly SettlementLine[]> = {
  name: 'settlement.lines-of-settlement',
  async load(ids, context) {
    const notations = await notationsOf(ids, context);
    const rows = await context.em.find(
      SettlementLineEntity,
      { settlementId: { $in: [...ids] } },
      { orderBy: [{ partyNo: 'asc' }, { side: 'desc' }] },
    );
    const ordered = [...rows.filter(({ partyNo }) => partyNo !== 0), ...rows.filter(({ partyNo }) => partyNo === 0)];
    const lines = ordered.flatMap((row) => {
      const notation = notations.get(row.settlementId);
      return notation === undefined ? [] : [SettlementLine.of(row, notation)];
    });
    return groupedBy(ids, lines, ({ settlementId }) => settlementId);
  },
};

export const LINE_BY_ID: LoaderDefinition<string, SettlementLine | undefined> = {
  name: 'settlement.line-by-id',
  async load(ids, context) {
    const rows = await context.em.find(SettlementLineEntity, { id: { $in: [...ids] } });
    const notations = await notationsOf(
      rows.map(({ settlementId }) => settlementId),
      context,
    );
    return inOrderOf(ids, rows, ({ id }) => id).map(
      (row) => row && SettlementLine.of(row, notations.get(row.settlementId) as Notation),
    );
  },
};

/** By "<settlement id>/<party number>". */
export const ITEMS_OF_LINE: LoaderDefinition<string, readonly SettlementItemEntity[]> = {
  name: 'settlement.items-of-line',
  async load(keys, { em }) {
    const settlementIds = [...new Set(keys.map((key) => key.split('/')[0] as string))];
    const rows = await em.find(
      SettlementItemEntity,
      { settlementId: { $in: settlementIds } },
      { orderBy: [{ entryKind: 'asc' }, { account: 'asc' }] },
    );
    return groupedBy(keys, rows, ({ settlementId, partyNo }) => `${settlementId}/${partyNo}`);
  },
};

const partiesOf = (keys: readonly string[]) => ({
  settlementId: { $in: [...new Set(keys.map((key) => key.split('/')[0] as string))] },
  partyNo: { $in: [...new Set(keys.map((key) => Number(key.split('/')[1])))] },
});
const partyKey = ({ settlementId, partyNo }: { settlementId: string; partyNo: number }): string =>
  `${settlementId}/${partyNo}`;

/** The statement of a party without its PDF, by "<settlement id>/<party number>". */
export const STATEMENT_OF_PARTY: LoaderDefinition<string, StatementFacts | undefined> = {
  name: 'settlement.statement-of-party',
  async load(keys, { em }) {
    const rows = await em.find(SettlementStatementEntity, partiesOf(keys));
    return inOrderOf(keys, rows, partyKey).map(
      (row) => row && { csv: row.csv, sha256: row.csvSha256, face: row.head ?? null },
    );
  },
};

/** Its PDF, when it is made. */
export const PDF_OF_PARTY: LoaderDefinition<string, { readonly pdf: Buffer; readonly sha256: string } | undefined> = {
  name: 'settlement.pdf-of-party',
  async load(keys, { em }) {
    const rows = await em.find(
      SettlementStatementEntity,
      { ...partiesOf(keys), pdfSha256: { $ne: null } },
      { fields: ['settlementId', 'partyNo', 'pdf', 'pdfSha256'] as never },
    );
    return inOrderOf(keys, rows as SettlementStatementEntity[], partyKey).map(
      (row) => row && { pdf: Buffer.from(row.pdf as Uint8Array), sha256: row.pdfSha256 as string },
    );
  },
};
