import type { ChannelPlugin } from '../contract.js';
import { connectOutlook } from './channel.js';
import { shownDestination } from './place.js';
import { outlookDestination, outlookSettings, type OutlookSettings } from './settings.js';

/** Mail by Outlook: a mailbox in Exchange Online, by Microsoft Graph. */
export const outlook: ChannelPlugin<OutlookSettings> = {
  id: 'outlook',
  takes: 'messages',
  settings: outlookSettings,
  /** "10,000 API requests in a 10 minute period" of an app in a mailbox; a mail takes up to five. */
  limit: {
    requests: 2000,
    perSeconds: 600,
    link: 'https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits',
  },
  /** "Message rate limit: 30 messages per minute" of the mailbox that sends: whatever it sends to whom is one lane. */
  destinationLimit: {
    requests: 30,
    perSeconds: 60,
    link: 'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits',
  },
  destination: outlookDestination,
  alone: (mail) => ({ mail }),
  shown: shownDestination,
  connect: connectOutlook,
};
