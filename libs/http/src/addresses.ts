import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** A URL that a user gave leads to an address inside the network. The message leaves the address out: it is nobody's business which there are. */
export class PrivateAddressError extends Error {
  constructor(host: string) {
    super(`${host} is an address inside the network`);
    this.name = 'PrivateAddressError';
  }
}

/**
 * Whether an IP address (text, without brackets) belongs to the public internet. Everything with a special purpose does not: loopback,
 * private, link-local (where clouds keep their metadata service, 169.254.169.254), carrier-grade NAT, unique-local, multicast, reserved.
 * An IPv6 address that carries an IPv4 one (mapped, or NAT64 as clusters without IPv4 use it) is judged by what it carries.
 * Ranges: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
 */
export function isPublicAddress(address: string): boolean {
  const text = address.replace(/%.*$/, '');
  if (!ipaddr.isValid(text)) return false;
  const parsed = ipaddr.process(text);
  if (parsed instanceof ipaddr.IPv6 && parsed.range() === 'rfc6052')
    return isPublicAddress(parsed.toByteArray().slice(12).join('.'));
  // The first 96 bits zero: the long deprecated form ::a.b.c.d, which some stacks still route.
  if (parsed instanceof ipaddr.IPv6 && parsed.parts.slice(0, 6).every((part) => part === 0)) return false;
  return parsed.range() === 'unicast';
}

/** Throws {@link PrivateAddressError} unless the address is public. `host` is what the message names. */
export function assertPublicAddress(address: string, host: string = address): void {
  if (!isPublicAddress(address)) throw new PrivateAddressError(host);
}

/** Resolves like the system does, and fails where any of the addresses is not public: a name is never half trusted. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const refused = addresses?.some(({ address }) => !isPublicAddress(address))
      ? new PrivateAddressError(hostname)
      : null;
    const [first] = addresses ?? [];
    if (error ?? refused) callback(error ?? refused, options.all ? [] : '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family ?? 0);
  });
};

/**
 * A connector that only reaches public addresses. The check is made on the very address that is connected to, so a name that resolves to
 * something else a moment later (DNS rebinding) gains nothing. Sockets never ask `lookup` about literal addresses: those are checked here.
 */
export function publicConnector(options: { readonly timeout: number }): buildConnector.connector {
  const connect = buildConnector({ timeout: options.timeout, lookup: publicLookup });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host))
      queueMicrotask(() => callback(new PrivateAddressError(host), null));
    else connect(target, callback);
  };
}
