import { assertPublicAddress, isPublicAddress, PrivateAddressError } from './addresses.js';

describe('addresses', () => {
  it.each([
    ['a usual one', '93.184.215.14'],
    ['a usual IPv6 one', '2606:2800:220:1:248:1893:25c8:1946'],
    ['an IPv4 one in IPv6 clothes', '::ffff:93.184.215.14'],
    ['an IPv4 one behind NAT64', '64:ff9b::5db8:d70e'],
    ['next to a private block', '172.32.0.1'],
  ])('are public: %s', (_name, address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['the rest of loopback', '127.8.8.8'],
    ['loopback in IPv6', '::1'],
    ['this host', '0.0.0.0'],
    ['this host in IPv6', '::'],
    ['private, ten', '10.1.2.3'],
    ['private, 172', '172.31.255.255'],
    ['private, 192', '192.168.1.1'],
    ['link-local', '169.254.1.1'],
    ["the cloud's metadata", '169.254.169.254'],
    ["the cloud's metadata in IPv6", 'fd00:ec2::254'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['unique-local', 'fc00::1'],
    ['link-local in IPv6', 'fe80::1'],
    ['link-local with its interface', 'fe80::1%eth0'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
    ['mapped private', '::ffff:10.0.0.1'],
    ['compatible loopback', '::127.0.0.1'],
    ['private behind NAT64', '64:ff9b::a00:1'],
    ['metadata behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['6to4 of private', '2002:a00:1::'],
    ['Teredo', '2001::1'],
    ['no address at all', 'localhost'],
    ['nothing', ''],
  ])('are not public: %s', (_name, address) => {
    expect(isPublicAddress(address)).toBe(false);
    expect(() => assertPublicAddress(address)).toThrow(PrivateAddressError);
  });

  it('are not told to whoever asked by name', () => {
    expect(() => assertPublicAddress('10.1.2.3', 'intranet.example')).toThrow(
      new PrivateAddressError('intranet.example'),
    );
    expect(new PrivateAddressError('intranet.example').message).not.toContain('10.1.2.3');
  });
});
