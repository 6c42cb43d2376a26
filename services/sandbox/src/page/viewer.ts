/** Where whoever looks at the page is. */
export interface Viewer {
  /** IANA name; UTC until the browser has said. */
  readonly zone: string;
}

/** From the cookie that the page's script sets. */
export function viewerOf(cookie: string | undefined): Viewer {
  const named = /(?:^|;\s*)zone=([^;]+)/.exec(cookie ?? '')?.[1];
  try {
    const zone = decodeURIComponent(named ?? 'UTC');
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return { zone };
  } catch {
    return { zone: 'UTC' };
  }
}

const when = (seconds: number, zone: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }).format(seconds * 1000);

/** `09:05`. */
export const clockTime = (ts: string, { zone }: Viewer): string =>
  when(Number(ts), zone, { hour: '2-digit', minute: '2-digit' });

/** `Monday, 2 March`. */
export const dayTitle = (ts: string, { zone }: Viewer): string =>
  when(Number(ts), zone, { weekday: 'long', day: 'numeric', month: 'long' });

/** The whole moment, for tooltips. */
export const fullTime = (ts: string, { zone }: Viewer): string =>
  when(Number(ts), zone, { dateStyle: 'full', timeStyle: 'long' });

/** The clock of somebody else, now. */
export const clockOf = (zone: string, now: Date): string =>
  when(now.getTime() / 1000, zone, { hour: '2-digit', minute: '2-digit' });
