/** Batched reads of the bilateral matrix, as the caller may see it: a partner its own row and column. */
import { type MatrixCell, sumMatrix } from '../../domain/settlement/matrix.js';
import type { LoaderDefinition } from '../../graphql/context.js';
import { SettlementWindowEntity, WindowPositionEntity } from '../ledger/index.js';
import { WindowMatrixEntity } from './settlement.entity.js';

/**
 * By the settlement's id. A cell belongs to every settlement that takes one of its two parties in its window; what the
 * programme funded and nobody captured belongs to the settlement that completes the window.
 */
export const MATRIX_OF_SETTLEMENT: LoaderDefinition<string, readonly MatrixCell[]> = {
  name: 'settlement.matrix-of-settlement',
  async load(ids, { em }) {
    const positions = await em.find(WindowPositionEntity, { settlementId: { $in: [...ids] } });
    const completed = await em.find(SettlementWindowEntity, { settlementId: { $in: [...ids] } });
    const windowNos = new Set([...positions.map(({ windowNo }) => windowNo), ...completed.map(({ no }) => no)]);
    const cells = await em.find(WindowMatrixEntity, { windowNo: { $in: [...windowNos] } });
    return ids.map((id) => {
      const taken = new Set([
        ...positions.filter(({ settlementId }) => settlementId === id).map((own) => `${own.windowNo}/${own.partyNo}`),
        ...completed.filter(({ settlementId }) => settlementId === id).map(({ no }) => `${no}/0`),
      ]);
      const has = (windowNo: number, partyNo: number): boolean => taken.has(`${windowNo}/${partyNo}`);
      return sumMatrix(
        cells.filter(({ windowNo, funderNo, redeemerNo }) =>
          funderNo === 0 && redeemerNo === 0
            ? has(windowNo, 0)
            : (funderNo > 0 && has(windowNo, funderNo)) || (redeemerNo > 0 && has(windowNo, redeemerNo)),
        ),
      );
    });
  },
};
