/**
 * A text that is encrypted at rest. `<column>_sealed` holds it; in the open, in `<column>`, it stands only in rows of an
 * older release that the job of `hansa keys rotate` has not come to yet.
 */
import type { SecretBox } from './secret-box.js';

export class SealedText {
  private readonly table: string;
  private readonly column: string;

  /** @param column the name it has in the open */
  constructor(table: string, column: string) {
    this.table = table;
    this.column = `${column}_sealed`;
  }

  seal(secrets: SecretBox, rowId: string, text: string): Buffer;
  seal(secrets: SecretBox, rowId: string, text: string | null | undefined): Buffer | null;
  seal(secrets: SecretBox, rowId: string, text: string | null | undefined): Buffer | null {
    return text === null || text === undefined ? null : secrets.seal(text, this.placeOf(rowId));
  }

  /** @param plain what stands in the open column, in rows of an older release */
  open(secrets: SecretBox, rowId: string, sealed: Buffer | null, plain: string | null): string | null {
    return sealed === null ? plain : secrets.open(sealed, this.placeOf(rowId));
  }

  private placeOf(rowId: string) {
    return { table: this.table, column: this.column, rowId };
  }
}
