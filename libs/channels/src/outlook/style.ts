/**
 * How mail looks. What matters is said inline, because some clients leave style sheets out. Nothing has a background of its own but buttons, and
 * text has the colour of its client: so it reads on light and on dark. The greys have enough contrast on both; where a client takes the style
 * sheet, they are better ones on dark.
 */

const fonts =
  "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Apple SD Gothic Neo','Malgun Gothic','PingFang SC','Microsoft YaHei',sans-serif";
const grey = '#707070';
const line = '#a8a8a8';
/** Names of columns and values stay whole; what they name may be broken anywhere, so that nothing is wider than a phone. */
const whole = 'overflow-wrap:normal;word-break:normal;';

export const styles = {
  body: 'margin:0;padding:0;',
  preheader: 'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;',
  frame: 'width:100%;max-width:600px;margin:0 auto;border-collapse:collapse;',
  cell: `padding:24px 20px;font-family:${fonts};font-size:16px;line-height:1.5;text-align:left;overflow-wrap:anywhere;word-break:break-word;`,
  correction: `margin:0 0 4px;font-size:14px;font-weight:600;color:${grey};`,
  title: 'margin:0 0 16px;font-size:21px;line-height:1.3;font-weight:600;',
  text: 'margin:0 0 16px;',
  trend: 'margin:0 0 16px;',
  bars: "font-family:'Segoe UI Symbol',Menlo,monospace;font-size:18px;letter-spacing:1px;white-space:nowrap;",
  note: `margin:0 0 16px;font-size:14px;color:${grey};`,
  rule: `border:0;border-top:1px solid ${line};margin:24px 0;`,
  fields: 'border-collapse:collapse;margin:0 0 16px;font-size:15px;',
  table: 'width:100%;border-collapse:collapse;margin:0 0 16px;font-size:15px;',
  label: `${whole}padding:5px 20px 5px 0;vertical-align:top;text-align:left;font-weight:400;color:${grey};`,
  value: 'padding:5px 0;vertical-align:top;text-align:left;font-weight:600;',
  head: `${whole}padding:6px 8px;vertical-align:bottom;border-bottom:1px solid ${line};font-size:14px;font-weight:400;color:${grey};`,
  data: `padding:6px 8px;vertical-align:top;border-bottom:1px solid ${line};font-variant-numeric:tabular-nums;`,
  lastData: 'padding:6px 8px;vertical-align:top;font-variant-numeric:tabular-nums;',
  actions: 'margin:0 0 12px;',
  button:
    'display:inline-block;margin:0 8px 8px 0;padding:10px 18px;border-radius:6px;background-color:#2f5bd0;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none;',
} as const;

/** First columns are text and begin where the text does; the others are figures, and end where it ends. */
export const aligned = (index: number, last: number): string =>
  `text-align:${index === 0 ? 'left' : 'right'};${index === 0 ? 'padding-left:0;' : ''}${index === last ? 'padding-right:0;' : ''}`;

/** For clients that take one. `quiet` is what is grey, `line` what is a line. */
export const styleSheet = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark;}',
  '@media (prefers-color-scheme:dark){.quiet{color:#a6a6a6!important;}.line{border-color:#555555!important;}}',
  '@media (max-width:480px){.cell{padding:16px 14px!important;}.button{display:block!important;margin-right:0!important;text-align:center!important;}}',
].join('');
