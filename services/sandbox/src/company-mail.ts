import type { OutlookSimulator } from '#channels/simulators';
import { staff } from './company-people.js';

/** From which Carillon writes. */
export const carillonMailbox = 'carillon@acme.example';

/** Gives Acme's people and Carillon a mailbox each. Doing it again changes nothing. */
export function fillOutlook(outlook: OutlookSimulator): void {
  const known = new Set(outlook.mailboxes().map(({ userPrincipalName }) => userPrincipalName));
  const wanted = [{ email: carillonMailbox, name: 'Carillon' }, ...staff];
  for (const { email, name } of wanted)
    if (!known.has(email)) outlook.addMailbox({ userPrincipalName: email, displayName: name });
}
