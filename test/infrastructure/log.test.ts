import { createLogger } from '../../src/infrastructure/log.js';

const logged = (write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> => {
  let line = '';
  write(createLogger('info', { write: (text) => (line += text) }));
  return JSON.parse(line);
};

describe('the log', () => {
  it.each([
    [{ authorization: 'Bearer x' }, { authorization: '[secret]' }],
    [{ req: { headers: { authorization: 'Bearer x' } } }, { req: { headers: { authorization: '[secret]' } } }],
    [{ input: { cardToken: 'tok_1' } }, { input: { cardToken: '[secret]' } }],
    [{ url: { password: 'p' } }, { url: { password: '[secret]' } }],
  ])('cuts out the secret of %j', (given, kept) => {
    expect(logged((log) => log.info(given, 'x'))).toMatchObject(kept);
  });

  it('keeps no card number, wherever it stands', () => {
    const line = logged((log) =>
      log.error({ err: new Error('bad 4111111111111111 given'), amount: 4111111111111111 }, 'seen 4111111111111111'),
    );
    expect(JSON.stringify(line)).not.toContain('4111111111111111');
    expect(line).toMatchObject({ msg: 'seen 0', amount: 0 });
  });

  it('keeps ids, times and levels readable', () => {
    const id = '01934b2e-1234-7567-8901-234567890123';
    const line = logged((log) => log.info({ id }, 'x'));
    expect(line).toMatchObject({ id, level: 'info', msg: 'x' });
    expect(Date.parse(String(line.time))).not.toBeNaN();
  });
});
