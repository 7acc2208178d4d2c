/** Loaded into a gateway before anything else: its own clock is off, and it does not outlive the torture. */
const shift = Number(process.env.TORTURE_CLOCK_SHIFT_MS ?? 0);
if (shift !== 0) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...values: ConstructorParameters<typeof Real> | []) {
      if (values.length === 0) super(Real.now() + shift);
      else super(...values);
    }
    static override now = (): number => Real.now() + shift;
  } as DateConstructor;
}
process.stdin.on('end', () => process.exit(1)).resume();
// It must not keep a gateway alive that wants to stop.
(process.stdin as unknown as { unref?(): void }).unref?.();
