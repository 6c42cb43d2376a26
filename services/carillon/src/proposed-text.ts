import type { ProposedDay } from '#documents';

/** A Calendar document that its owner has yet to confirm. */
export interface Proposal {
  readonly name: string;
  readonly country: string;
  readonly region?: string;
  readonly years: readonly number[];
  readonly zones: readonly string[];
  readonly days: readonly ProposedDay[];
}

/** The document as YAML, with what its owner should know as comments. */
export const proposedText = ({ name, country, region, years, zones, days }: Proposal): string =>
  [
    `# A proposal from the library date-holidays for ${[country, region].filter(Boolean).join('-')} in ${years.join(' and ')}, not the law: its owner has to confirm it.`,
    '# Check every day, add the company’s own days as companyDays and days of work on weekends as workingDays, then delete these lines.',
    ...[...new Set(days.filter(({ confirm }) => confirm).flatMap(({ note }) => note ?? []))].map(
      (note) => `# To look up: ${note}`,
    ),
    'kind: Calendar',
    `name: ${name}`,
    `region: { country: ${quoted(country)}${region === undefined ? '' : `, region: ${quoted(region)}`} }`,
    zones.length > 0
      ? `for: { zones: [${zones.join(', ')}] }`
      : '# for: { zones: [Europe/Berlin] } # who gets it without naming it; or { default: true } for everybody else',
    days.length === 0 ? 'holidays: []' : 'holidays:',
    ...days.map(
      ({ day, name: holiday, share, confirm }) =>
        `  - { day: ${day}, name: ${quoted(holiday)}${share === 1 ? '' : `, share: ${share}`} }${confirm ? ' # to look up' : ''}`,
    ),
    '',
  ].join('\n');

/** Plain where YAML cannot misread it: `NO` is a boolean to some readers, and a comma ends a value. */
const quoted = (text: string): string =>
  /^\p{L}[\p{L} ().-]*$/u.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
