import type { Vendor, VendorOptions } from './vendor.js';
import { clockify } from './vendors/clockify.js';
import { googleChat } from './vendors/google-chat.js';
import { jiandaoyun } from './vendors/jiandaoyun.js';
import { jira } from './vendors/jira.js';
import { outlook } from './vendors/outlook.js';
import { slack } from './vendors/slack.js';
import { vtiger } from './vendors/vtiger.js';
import { wecom } from './vendors/wecom.js';

/** The vendors of one sandbox, in the order of the page's tabs. What is kept of one is kept by its name here. */
export const vendorsFor = (options: VendorOptions) =>
  ({
    slack: slack(options),
    googleChat: googleChat(options),
    outlook: outlook(options),
    jira: jira(options),
    clockify: clockify(),
    vtiger: vtiger(),
    wecom: wecom(options),
    jiandaoyun: jiandaoyun(options),
  }) satisfies Readonly<Record<string, Vendor>>;

export type Vendors = ReturnType<typeof vendorsFor>;
type VendorName = keyof Vendors;

/** Something of each vendor, by the vendor's name. */
export type OfEach<Part> = Readonly<Record<VendorName, Part>>;

export type Simulators = { readonly [Name in VendorName]: Vendors[Name]['simulator'] };

type KeysOf<Each> = Each extends unknown ? keyof Each : never;
/** What each vendor's `Part` returns, together. */
type Together<Part extends 'endpoints' | 'secrets'> = Readonly<
  Record<KeysOf<ReturnType<Vendors[VendorName][Part]>>, string>
>;
export type Endpoints = Together<'endpoints'>;
export type Secrets = Together<'secrets'>;

export const eachOf = <Part>(parts: OfEach<Part>): readonly (readonly [VendorName, Part])[] =>
  Object.entries(parts) as [VendorName, Part][];

/** Makes something of each, one after the other. */
export async function ofEach<Part>(
  vendors: Vendors,
  part: (vendor: Vendor, name: VendorName) => Part | Promise<Part>,
): Promise<OfEach<Part>> {
  const parts: Partial<Record<VendorName, Part>> = {};
  for (const [name, vendor] of eachOf<Vendor>(vendors)) parts[name] = await part(vendor, name);
  return parts as OfEach<Part>;
}
