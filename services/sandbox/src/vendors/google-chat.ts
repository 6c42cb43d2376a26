import { GoogleChatSimulator } from '#channels/simulators';
import { z } from 'zod';
import { fillGoogleChat } from '../company-spaces.js';
import { googleChatPages } from '../page/google-chat-page.js';
import type { Vendor, VendorOptions } from '../vendor.js';

/** The key file of the Chat app's service account: like Google, the simulator keeps the public half only. */
const account = z.object({ serviceAccount: z.string() });

export const googleChat = ({ limits }: VendorOptions) => {
  const simulator = new GoogleChatSimulator({ limits });
  let issued: z.infer<typeof account> | undefined;
  return {
    simulator,
    mayChange: ({ method }) => method !== 'GET',
    tell: () => {
      fillGoogleChat(simulator);
      issued ??= { serviceAccount: JSON.stringify(simulator.credentials.issueKey()) };
    },
    remember: () => issued,
    recall: (remembered) => {
      issued = account.parse(remembered);
    },
    // It gives out its tokens too.
    endpoints: (url) => ({ googleChat: `${url}/`, googleChatToken: `${url}/token` }),
    secrets: () => ({ 'google-chat-service-account': issued?.serviceAccount ?? '' }),
    pages: googleChatPages(simulator),
  } satisfies Vendor;
};
