import { AccessToken, type HttpClient } from '#http';
import type { Channel } from '../contract.js';
import { GraphMail } from './api.js';
import { clientCredentialsGrant } from './grant.js';
import { Mails } from './mails.js';
import { addressOf, destined, placeOf } from './place.js';
import { probe } from './probe.js';
import { render } from './render.js';
import type { OutlookSettings } from './settings.js';

/** One app in one tenant, and the mailbox that it writes from. */
export function connectOutlook(settings: OutlookSettings, http: HttpClient): Channel {
  const graph = new GraphMail(
    http,
    settings.baseUrl,
    new AccessToken('outlook', clientCredentialsGrant(settings, http)),
  );
  const mails = new Mails(graph, settings.replyTo ?? []);
  return {
    // What is not of a mailbox, which is a lane, is of the app in its tenant: documents for several mailboxes share it.
    account: `${settings.clientId} in ${settings.tenant}`.toLowerCase(),
    render: (message) => render(message),
    lane: (address) => placeOf(address).mailbox,
    send: (message, to, attempt) => mails.send(message, to, attempt),
    update: (previous, message, attempt) => mails.correct(previous, message, attempt),
    find: (attempt, to) => mails.find(attempt, to),
    address: async (destination) => addressOf(destined(destination, settings.mailbox)),
    probe: (signal) => probe(graph, settings, signal),
  };
}
