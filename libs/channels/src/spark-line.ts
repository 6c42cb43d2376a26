const bars = '▁▂▃▄▅▆▇█';
/** How many of the latest values are drawn. */
export const drawnValues = 30;

/** Values as bars of a line of text, from the least to the most; nothing where there is no line to draw. */
export function sparkLine(values: readonly number[]): string {
  const drawn = values.filter((value) => Number.isFinite(value)).slice(-drawnValues);
  if (drawn.length < 2) return '';
  const least = Math.min(...drawn);
  const span = Math.max(...drawn) - least || 1;
  return drawn.map((value) => bars[Math.round(((value - least) / span) * (bars.length - 1))]).join('');
}
