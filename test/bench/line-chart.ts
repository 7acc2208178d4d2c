/** A chart with logarithmic axes as an SVG text. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 720;
const HEIGHT = 380;
const LEFT = 60;
const RIGHT = 40;
const TOP = 40;
const BOTTOM = 100;
const COLOURS = ['#1f6f8b', '#c4572e', '#6a8d2f', '#7d4e9f'];

/** Powers of ten that hold all values, at least one decade. */
function decades(values: readonly number[]): readonly number[] {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}

const words = (power: number): string => (10 ** power).toLocaleString('en-GB', { maximumSignificantDigits: 3 });

/** Both axes are logarithmic: a line that is flat does not grow, one that rises a decade a decade grows in proportion. */
export function lineChart(title: string, xTitle: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const [xs, ys] = [decades(points.map(([x]) => x)), decades(points.map(([, y]) => y))];
  const place = (value: number, powers: readonly number[]): number =>
    (value - (powers[0] as number)) / ((powers.at(-1) as number) - (powers[0] as number));
  const xAt = (power: number): number => LEFT + place(power, xs) * (WIDTH - LEFT - RIGHT);
  const yAt = (power: number): number => HEIGHT - BOTTOM - place(power, ys) * (HEIGHT - TOP - BOTTOM);
  const text = (x: number, y: number, words: string, more = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${words}</text>`;
  const rule = (x1: number, y1: number, x2: number, y2: number): string =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`;
  const grid = [
    ...xs.flatMap((power) => [
      rule(xAt(power), TOP, xAt(power), HEIGHT - BOTTOM),
      text(xAt(power), HEIGHT - BOTTOM + 18, words(power), 'text-anchor="middle"'),
    ]),
    ...ys.flatMap((power) => [
      rule(LEFT, yAt(power), WIDTH - RIGHT, yAt(power)),
      text(LEFT - 8, yAt(power) + 4, `${words(power)} ×`, 'text-anchor="end"'),
    ]),
  ];
  const drawn = lines.flatMap(({ name, points: of }, index) => {
    const colour = COLOURS[index % COLOURS.length] as string;
    const at = of.map(([x, y]) => [xAt(Math.log10(x)), yAt(Math.log10(y))] as const);
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${at.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}"/>`,
      ...at.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5" fill="${colour}"/>`),
      text(LEFT + index * 200, HEIGHT - 16, name, `fill="${colour}"`),
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text(LEFT, 22, title, 'font-size="14"')}
${text((WIDTH + LEFT) / 2, HEIGHT - 54, xTitle, 'text-anchor="middle"')}
${[...grid, ...drawn].join('\n')}
</svg>
`;
}
