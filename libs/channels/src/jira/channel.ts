import type { HttpClient } from '#http';
import type { Channel } from '../contract.js';
import { JiraApi } from './api.js';
import { Assignees } from './assignees.js';
import { Issues } from './issues.js';
import { addressOf, destinationOf } from './place.js';
import { probe } from './probe.js';
import { Projects } from './project.js';
import { render } from './render.js';
import type { JiraSettings } from './settings.js';

/** One Jira site, as one account. */
export function connectJira(settings: JiraSettings, http: HttpClient): Channel {
  const api = new JiraApi(settings, http);
  const projects = new Projects(api);
  const assignees = new Assignees(api);
  const issues = new Issues({
    api,
    projects,
    assignees,
    site: settings.siteUrl ?? (isGateway(settings.baseUrl) ? undefined : settings.baseUrl),
    searchLagMs: settings.searchLagSeconds * 1000,
  });
  return {
    account: siteOf(settings),
    render: (message) => render(message),
    // People delete issues for a reason: what they deleted is told to the owner, and not made again.
    followsUp: false,
    send: (message, to, attempt) => issues.send(message, to, attempt),
    update: (previous, message, attempt, to) =>
      issues.update(previous, message, attempt, to ?? previous.address),
    find: (attempt, to) => issues.find(attempt, to),
    address: async (destination) => addressOf(destinationOf(destination)),
    probe: (signal, destinations) => probe({ api, projects, assignees }, destinations ?? [], signal),
  };
}

/** Limits count all apps and tokens of a site together. */
const siteOf = ({ siteUrl, baseUrl }: JiraSettings): string => (siteUrl ?? baseUrl).toLowerCase();

/** Scoped tokens go by Atlassian's gateway, which shows nobody an issue. */
const isGateway = (baseUrl: string): boolean => new URL(baseUrl).pathname.startsWith('/ex/jira/');
