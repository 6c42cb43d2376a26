import type { ChannelPlugin } from '../contract.js';
import { connectJira } from './channel.js';
import { projectLimit, siteLimit } from './limits.js';
import { shownDestination } from './place.js';
import { jiraDestination, jiraSettings, type JiraSettings } from './settings.js';

/** Jira Cloud, by its REST API v3: a message is an issue. */
export const jira: ChannelPlugin<JiraSettings> = {
  id: 'jira',
  takes: 'messages',
  matters: true,
  settings: jiraSettings,
  limit: siteLimit,
  destinationLimit: projectLimit,
  destination: jiraDestination,
  /** Whoever the issues are for, they are made in one project. */
  lane: ({ project }) => ({ project }),
  shown: shownDestination,
  connect: connectJira,
};
